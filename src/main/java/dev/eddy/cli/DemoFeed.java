package dev.eddy.cli;

import dev.eddy.local.ImageProducer;
import dev.eddy.local.ImageSource;
import dev.eddy.local.SampleStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sends the sample stream on a thread of its own, at a rate or as fast as it is worked on. */
final class DemoFeed implements AutoCloseable {

    /** Images that may wait in the topic: enough to keep the learner busy, and little to keep on disk. */
    private static final long BACKLOG = 20_000;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Thread thread;
    private final long startNanos = System.nanoTime();
    private volatile @Nullable Exception failure;

    private DemoFeed(Task task) {
        thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        failure = e;
                    }
                },
                "eddy-demo-feed");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Task {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Starts to send.
     *
     * @param limit images to send in all
     * @param perSecond the most a second
     * @param worked how many of them have been worked on, asked on the sending thread
     */
    static DemoFeed start(
            String servers, String topic, SampleStream stream, long limit, double perSecond, LongSupplier worked) {
        return new DemoFeed(() -> {
            ImageSource samples = ImageSource.samples(stream, 0);
            long[] sent = {0};
            ImageSource source = () -> {
                while (sent[0] - worked.getAsLong() > BACKLOG
                        && !Thread.currentThread().isInterrupted()) {
                    LockSupport.parkNanos(1_000_000);
                }
                sent[0]++;
                return samples.next();
            };
            try (ImageProducer producer = new ImageProducer(Map.of("bootstrap.servers", servers), topic, PATIENCE)) {
                producer.send(source, limit, perSecond, acknowledged -> {});
            }
        });
    }

    /** {@link System#nanoTime} when the first image was about to be sent. */
    long startNanos() {
        return startNanos;
    }

    /** Throws what ended the sending early. */
    void check() {
        Exception e = failure;
        if (e != null) {
            throw CommandException.failure("sending the images failed: " + Errors.line(e), e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
