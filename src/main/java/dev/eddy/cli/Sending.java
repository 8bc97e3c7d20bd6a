package dev.eddy.cli;

import dev.eddy.local.ImageProducer;
import dev.eddy.local.ImageSource;
import dev.eddy.local.OutgoingImage;
import dev.eddy.local.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How images are sent to a topic, which is created if it is missing.
 *
 * @param properties of Kafka's clients
 * @param partitions that the topic must have; null for any number, and 1 if it is created
 * @param patience with the broker
 * @param limit the most images
 * @param perSecond the most images in a second
 * @param passOver told in one line, by any thread, of an image that is too large; null if that is a failure
 * @param report told what came of it at the end, be it of a failure, by the calling thread
 */
record Sending(
        Map<String, Object> properties,
        String topic,
        @Nullable Integer partitions,
        Duration patience,
        long limit,
        double perSecond,
        Stop stop,
        @Nullable Consumer<String> passOver,
        Consumer<Result> report) {

    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final Duration LONGEST_STOP = LAST_WORDS.multipliedBy(2);
    private static final Duration FOREVER = Duration.ofMillis(Integer.MAX_VALUE); // Kafka's longest, 24 days

    /**
     * What came of it.
     *
     * @param sent images that the broker has acknowledged
     */
    record Result(String topic, long sent, double seconds, double recordsPerSecond) {}

    /**
     * Sends a source that ends by itself, after so many images at most; the topic is created if there is one.
     *
     * @return how many were sent
     */
    long all(ImageSource source, long available) throws IOException, InterruptedException {
        long most = Math.min(limit, available);
        Optional<OutgoingImage> first = most == 0 ? Optional.empty() : source.next();
        if (first.isEmpty()) {
            report.accept(new Result(topic, 0, 0, 0));
            return 0;
        }
        createTopic();
        return send(source.after(first.get()), most, most, patience);
    }

    /**
     * Sends a source that ends when a stop is asked for. The broker may be away for as long as it likes; what waits for it
     * at the end is lost and said to be.
     */
    void untilStopped(ImageSource source) throws IOException, InterruptedException {
        createTopic();
        stop.within(LONGEST_STOP);
        Thread sender = Thread.currentThread();
        CountDownLatch sent = new CountDownLatch(1);
        stop.whenRequested(() -> {
            try {
                if (!sent.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
                    sender.interrupt();
                }
            } catch (InterruptedException e) {
                sender.interrupt();
            }
        });
        try {
            send(source, limit, limit == Long.MAX_VALUE ? Progress.UNKNOWN : limit, FOREVER);
        } catch (InterruptedException e) {
            throw CommandException.failure(
                    "stopped while the broker did not answer; images sent last may be missing", e);
        } finally {
            sent.countDown();
        }
    }

    private void createTopic() {
        try (Topics topics = new Topics(properties, patience)) {
            if (partitions == null) {
                topics.create(topic, 1, Map.of());
            } else {
                topics.createExactly(topic, partitions, Map.of());
            }
        }
    }

    private long send(ImageSource source, long most, long shown, Duration sendingPatience)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        ImageProducer producer = new ImageProducer(properties, topic, sendingPatience);
        try (producer) {
            try (Progress progress = Progress.of("images", shown)) {
                return producer.send(source, most, perSecond, progress::at, passOver);
            }
        } finally {
            double seconds = (System.nanoTime() - start) / 1e9;
            long sent = producer.acknowledged();
            report.accept(new Result(topic, sent, seconds, sent / seconds));
        }
    }
}
