package dev.eddy.it;

import dev.eddy.local.SampleStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends pictures to all partitions of the input in bursts of any size, and among them records that are no picture. Half
 * of the bursts are transactions, if told so; some of these are aborted, so that offsets have gaps. Used by one thread.
 */
final class Feed implements AutoCloseable {

    private static final int LONGEST_BURST = 200;
    private static final double BAD = 0.03;

    private final String topic;
    private final int partitions;
    private final SplittableRandom random;
    private final SampleStream pictures;
    private final KafkaProducer<byte[], byte[]> producer;
    private final @Nullable KafkaProducer<byte[], byte[]> transactional;
    private long sent;
    private long valid;

    Feed(String bootstrapServers, String topic, int partitions, long seed, boolean transactions) {
        this.topic = topic;
        this.partitions = partitions;
        this.random = new SplittableRandom(seed);
        this.pictures = new SampleStream(seed);
        Map<String, Object> properties = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 300_000,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 300_000);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        if (transactions) {
            Map<String, Object> more = new java.util.HashMap<>(properties);
            more.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, UUID.randomUUID().toString());
            transactional = new KafkaProducer<>(more, new ByteArraySerializer(), new ByteArraySerializer());
            transactional.initTransactions();
        } else {
            transactional = null;
        }
    }

    /** Records that consumers see. */
    long sent() {
        return sent;
    }

    /** Pictures among them. */
    long valid() {
        return valid;
    }

    /**
     * Sends one burst.
     *
     * @param most the burst's limit
     * @return what consumers see of it, in the order of each partition's offsets
     */
    List<Sent> burst(long most) throws InterruptedException, ExecutionException {
        int size = (int) Math.min(most, 1 + random.nextInt(LONGEST_BURST));
        KafkaProducer<byte[], byte[]> used = transactional;
        if (used == null || random.nextBoolean()) {
            return counted(send(producer, size));
        }
        used.beginTransaction();
        if (random.nextInt(4) == 0) {
            send(used, size);
            used.abortTransaction();
            return List.of();
        }
        List<Sent> records = send(used, size);
        used.commitTransaction();
        return counted(records);
    }

    private List<Sent> counted(List<Sent> records) {
        sent += records.size();
        valid += records.stream().filter(Sent::valid).count();
        return records;
    }

    private List<Sent> send(KafkaProducer<byte[], byte[]> through, int size)
            throws InterruptedException, ExecutionException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<Future<RecordMetadata>> answers = new ArrayList<>();
        List<Boolean> good = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            boolean bad = random.nextDouble() < BAD;
            byte[] value = bad ? rubbish() : picture();
            ProducerRecord<byte[], byte[]> record =
                    new ProducerRecord<>(topic, random.nextInt(partitions), key(), value);
            records.add(record);
            good.add(!bad);
            answers.add(through.send(record));
        }
        through.flush();
        List<Sent> result = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            ProducerRecord<byte[], byte[]> record = records.get(i);
            result.add(new Sent(
                    record.partition(), answers.get(i).get().offset(), record.key(), record.value(), good.get(i)));
        }
        return result;
    }

    private byte[] picture() {
        return pictures.get(random.nextInt(1 << 20)).image().pixels();
    }

    private byte @Nullable [] rubbish() {
        int size = pictures.geometry().size();
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> bytes(1 + random.nextInt(size - 1));
            default -> bytes(size + 1 + random.nextInt(size));
        };
    }

    private byte @Nullable [] key() {
        return random.nextInt(10) == 0 ? null : bytes(random.nextInt(12));
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public void close() {
        producer.close(java.time.Duration.ZERO);
        if (transactional != null) {
            transactional.close(java.time.Duration.ZERO);
        }
    }
}
