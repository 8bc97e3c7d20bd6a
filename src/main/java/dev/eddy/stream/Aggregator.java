package dev.eddy.stream;

import dev.eddy.snapshot.ByteStore;
import dev.eddy.snapshot.Fingerprint;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.snapshot.SnapshotStore;
import dev.eddy.sync.Aggregation;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.GlobalWeights;
import dev.eddy.sync.SyncCodec;
import dev.eddy.telemetry.AggregatorMeters;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where contributions of all partitions meet. Its store holds all that it depends on: the chunks of each
 * partition's last contribution; under {@code late-} and the partition's number the round (one big-endian int64) that was
 * open when it came late to one before; and the global weights with their momentum as a snapshot, written when a round
 * is closed. Knows nothing of Kafka Streams. Used by one thread at a time.
 */
final class Aggregator {

    private static final Logger LOG = LoggerFactory.getLogger(Aggregator.class);

    /** Where global weights go: to every partition. */
    @FunctionalInterface
    interface Broadcast {

        /** Returns the bytes sent. */
        long send(GlobalWeights weights);
    }

    private final StreamSettings settings;
    private final ByteStore store;
    private final Inbox[] inboxes; // by partition
    private final SnapshotStore snapshots;
    private final Aggregation aggregation;
    private final Broadcast broadcast;
    private final AggregatorMeters meters;
    private final LongSupplier clockMillis;
    private long openedAtMillis;

    Aggregator(
            StreamSettings settings,
            int partitions,
            ByteStore store,
            Broadcast broadcast,
            AggregatorMeters meters,
            LongSupplier clockMillis) {
        this.settings = settings;
        this.store = store;
        this.inboxes = new Inbox[partitions];
        this.snapshots = new SnapshotStore(store, settings.snapshotChunkBytes());
        this.aggregation = new Aggregation(
                settings.sync().optimizer(),
                settings.sync().quorum(),
                settings.learner().seed(),
                partitions,
                settings.learner().parameters());
        this.broadcast = broadcast;
        this.meters = meters;
        this.clockMillis = clockMillis;
        restore();
    }

    private void restore() {
        snapshots.restore(
                settings.topics().input(),
                0,
                Long.MAX_VALUE,
                Fingerprint.of(settings.learner()),
                aggregation::visit,
                rejection -> LOG.error("aggregation: slot {} is damaged: {}", rejection.slot(), rejection.detail()));
        for (int partition = 0; partition < inboxes.length; partition++) {
            inboxes[partition] = new Inbox(store, "from-" + partition);
            contribution(partition)
                    .filter(contribution -> contribution.round() == aggregation.round())
                    .ifPresent(aggregation::offer);
            if (lateRound(partition) == aggregation.round()) {
                aggregation.await(partition);
            }
        }
        openedAtMillis = clockMillis.getAsLong();
        meters.round(aggregation.round(), aggregation.contributors());
        LOG.info("aggregation: round {}, {} contributions", aggregation.round() + 1, aggregation.contributors());
    }

    /** Takes in a chunk of a contribution, of whichever partition its record's key names. */
    void receive(int partition, byte @Nullable [] chunk) {
        if (partition < 0 || partition >= inboxes.length || !inboxes[partition].receive(chunk)) {
            meters.torn();
            return;
        }
        if (!inboxes[partition].isWhole()) {
            return;
        }
        Optional<Contribution> contribution = contribution(partition);
        if (contribution.isEmpty()) {
            meters.torn();
            return;
        }
        boolean first = !isOpen();
        Aggregation.Verdict verdict = aggregation.offer(contribution.get());
        meters.contribution(verdict.name());
        if (verdict == Aggregation.Verdict.STALE) {
            store.put(
                    lateKey(partition),
                    ByteBuffer.allocate(Long.BYTES).putLong(aggregation.round()).array());
        }
        if (verdict != Aggregation.Verdict.COUNTED) {
            LOG.warn(
                    "aggregation: contribution of partition {} to round {} dropped in round {}: {}",
                    partition,
                    contribution.get().round() + 1,
                    aggregation.round() + 1,
                    verdict);
        } else if (first) {
            openedAtMillis = clockMillis.getAsLong();
        }
        meters.round(aggregation.round(), aggregation.contributors());
        if (aggregation.isComplete()) {
            close();
        }
    }

    /** Whether somebody has contributed to the round, so that it must end some time. */
    boolean isOpen() {
        return aggregation.contributors() > 0;
    }

    /** Closes the open round if it has been open for too long; to be called now and then while {@link #isOpen}. */
    void tick() {
        if (isOpen()
                && clockMillis.getAsLong() - openedAtMillis >= settings.sync().timeoutMillis()) {
            meters.timedOut();
            close();
        }
    }

    private void close() {
        GlobalWeights weights = aggregation.close(
                partition -> contribution(partition).orElseThrow().difference());
        snapshots.write(
                new SnapshotHeader(
                        settings.topics().input(),
                        0,
                        0,
                        weights.round(),
                        0,
                        clockMillis.getAsLong(),
                        settings.codeVersion(),
                        "",
                        Double.POSITIVE_INFINITY,
                        Fingerprint.of(settings.learner()),
                        List.of()),
                aggregation::visit);
        meters.closed(broadcast.send(weights), clockMillis.getAsLong() - openedAtMillis);
        meters.round(aggregation.round(), aggregation.contributors());
        LOG.info(
                "aggregation: round {} closed, {} of {} partitions, {} images",
                weights.round(),
                weights.contributors(),
                inboxes.length,
                weights.samples());
    }

    /** The round that was open when a partition last came late, -1 for none. */
    private long lateRound(int partition) {
        byte @Nullable [] round = store.get(lateKey(partition));
        return round == null ? -1 : ByteBuffer.wrap(round).getLong();
    }

    private static String lateKey(int partition) {
        return "late-" + partition;
    }

    /** What a partition contributed last, if it is whole and says that it is of that partition. */
    private Optional<Contribution> contribution(int partition) {
        try {
            return inboxes[partition]
                    .message()
                    .map(SyncCodec::contribution)
                    .filter(contribution -> contribution.partition() == partition);
        } catch (IllegalArgumentException e) {
            LOG.warn("aggregation: contribution of partition {} cannot be read: {}", partition, e.getMessage());
            return Optional.empty();
        }
    }
}
