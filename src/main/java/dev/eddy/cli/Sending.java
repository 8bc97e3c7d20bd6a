package dev.eddy.cli;

import dev.eddy.local.ImageProducer;
import dev.eddy.local.ImageSource;
import dev.eddy.local.Topics;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How images are sent to a topic, which is created if it is missing.
 *
 * @param properties of Kafka's clients
 * @param partitions that the topic must have; null for any number, and 1 if it is created
 * @param patience with the broker
 * @param limit the most images
 * @param perSecond the most images in a second
 */
record Sending(
        Map<String, Object> properties,
        String topic,
        @Nullable Integer partitions,
        Duration patience,
        long limit,
        double perSecond,
        Stop stop) {

    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final Duration LONGEST_STOP = LAST_WORDS.multipliedBy(2);
    private static final Duration FOREVER = Duration.ofMillis(Integer.MAX_VALUE); // Kafka's longest, 24 days

    /** What came of it. */
    record Result(String topic, long sent, double seconds, double recordsPerSecond) {}

    /** Sends a source that ends by itself, after so many images at most. */
    Result all(ImageSource source, long available) throws IOException, InterruptedException {
        createTopic();
        long most = Math.min(limit, available);
        return send(source, most, most, patience);
    }

    /**
     * Sends a source that ends when a stop is asked for. The broker may be away for as long as it likes; what waits for it
     * at the end is lost and said to be.
     */
    Result untilStopped(ImageSource source) throws IOException, InterruptedException {
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
            return send(source, limit, limit == Long.MAX_VALUE ? Progress.UNKNOWN : limit, FOREVER);
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

    private Result send(ImageSource source, long most, long shown, Duration sendingPatience)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (ImageProducer producer = new ImageProducer(properties, topic, sendingPatience);
                Progress progress = Progress.of("images", shown)) {
            long sent = producer.send(source, most, perSecond, progress::at);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Result(topic, sent, seconds, sent / seconds);
        }
    }
}
