package dev.eddy.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends images to a topic, each once and in order (idempotent), in large batches. One thread sends;
 * {@link #acknowledged} may be asked by any.
 */
public final class ImageProducer implements AutoCloseable {

    /** For {@link #send}: as fast as the broker takes them. */
    public static final double UNLIMITED = Double.POSITIVE_INFINITY;

    /** How much of the time that it lay idle, or was late, it makes up for by sending faster. */
    private static final long CATCH_UP_NANOS = 100_000_000;

    private final String topic;
    private final String servers;
    private final Duration patience;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable BrokerException> failure = new AtomicReference<>();

    /**
     * Opens a producer; the broker is first asked when something is sent.
     *
     * @param properties of a Kafka producer, with {@code bootstrap.servers}; they go before this class's own
     * @param patience how long a record may wait for the topic, and then for its acknowledgement, before sending fails
     * @throws BrokerException if the properties make no producer
     */
    public ImageProducer(Map<String, ?> properties, String topic, Duration patience) {
        this.topic = topic;
        this.servers = String.valueOf(properties.get(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG));
        this.patience = patience;
        int patienceMillis = Math.toIntExact(patience.toMillis());
        int lingerMillis = 20;
        Map<String, Object> all = new HashMap<>();
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // A broker that has no state of a producer yet takes whichever sequence number comes first. In a topic that was
        // created a moment ago the second batch may overtake the first, which it then refuses for ever.
        all.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        all.put(ProducerConfig.LINGER_MS_CONFIG, lingerMillis);
        all.put(ProducerConfig.BATCH_SIZE_CONFIG, 128 << 10);
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, patienceMillis);
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(30_000, Math.max(1, patienceMillis - lingerMillis)));
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, Math.max(patienceMillis, lingerMillis + 1));
        all.putAll(properties);
        try {
            this.producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw BrokerException.of(servers, "connecting", patience, e);
        }
    }

    /** How many records the broker has acknowledged. */
    public long acknowledged() {
        return acknowledged.get();
    }

    /**
     * Sends images until the source ends or the limit is reached, and waits until all are acknowledged.
     *
     * @param limit the most to send, at least 0
     * @param recordsPerSecond the most on average, over 0; {@link #UNLIMITED} for none
     * @param progress told {@link #acknowledged} after every record sent and at the end, by the calling thread
     * @return how many were sent, all of them acknowledged
     * @throws BrokerException if the broker does not take a record; what was acknowledged before stays
     * @throws InterruptedException if the thread is interrupted; records under way may or may not arrive
     */
    public long send(ImageSource source, long limit, double recordsPerSecond, LongConsumer progress)
            throws IOException, InterruptedException {
        return send(source, limit, recordsPerSecond, progress, null);
    }

    /**
     * As {@link #send(ImageSource, long, double, LongConsumer)}, and goes on after an image that is too large.
     *
     * @param passOver told of such an image in one line, by any thread; null for a {@link BrokerException} instead
     */
    public long send(
            ImageSource source,
            long limit,
            double recordsPerSecond,
            LongConsumer progress,
            @Nullable Consumer<String> passOver)
            throws IOException, InterruptedException {
        long before = acknowledged();
        long intervalNanos = (long) (1e9 / recordsPerSecond);
        long due = System.nanoTime();
        long sent = 0;
        try {
            while (sent < limit) {
                Optional<OutgoingImage> image = source.next();
                if (image.isEmpty()) {
                    break;
                }
                due = Math.max(due, System.nanoTime() - CATCH_UP_NANOS);
                await(due);
                due += intervalNanos;
                send(image.get(), passOver);
                sent++;
                throwFailure();
                progress.accept(acknowledged());
            }
            producer.flush();
        } catch (InterruptException e) {
            Thread.interrupted(); // Kafka has set it again; the exception says it
            throw (InterruptedException) new InterruptedException("interrupted while sending").initCause(e);
        }
        throwFailure();
        progress.accept(acknowledged());
        return acknowledged() - before;
    }

    /** Gives up what is still under way. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }

    private void send(OutgoingImage image, @Nullable Consumer<String> passOver) {
        ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(topic, image.keyBytes(), image.value());
        image.headers().forEach((name, value) -> message.headers().add(name, value.getBytes(UTF_8)));
        try {
            var unused = producer.send(message, (metadata, error) -> {
                if (error == null) {
                    acknowledged.incrementAndGet();
                } else {
                    failed(image, error, passOver);
                }
            });
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            failed(image, e, passOver);
        }
    }

    private void failed(OutgoingImage image, Exception error, @Nullable Consumer<String> passOver) {
        String doing = "sending to topic " + topic;
        if (!(error instanceof RecordTooLargeException)) {
            failure.compareAndSet(null, BrokerException.of(servers, doing, patience, error));
            return;
        }
        String line = "image " + image.key() + " of " + image.value().length
                + " bytes is too large: raise max.request.size of the producer and max.message.bytes of the topic, or"
                + " send smaller ones";
        if (passOver == null) {
            failure.compareAndSet(null, new BrokerException(doing + ": " + line, error));
        } else {
            passOver.accept(line);
        }
    }

    private void throwFailure() {
        BrokerException first = failure.get();
        if (first != null) {
            throw first;
        }
    }

    private static void await(long due) throws InterruptedException {
        while (true) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while sending");
            }
            long wait = due - System.nanoTime();
            if (wait <= 0) {
                return;
            }
            LockSupport.parkNanos(wait);
        }
    }
}
