package dev.eddy.stream;

import dev.eddy.learn.Learner;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.GlobalWeights;
import dev.eddy.sync.SyncCodec;
import dev.eddy.telemetry.PartitionMeters;
import dev.eddy.telemetry.SyncMeters;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A partition's part in the model that all partitions learn together. Contributions fall due as a function of the
 * model's state, so a replay comes to the same one again; the store says under {@code contributed} (one big-endian
 * int64) which round has had it, and it is sent once. Global weights wait in the store until they can be adopted, which
 * is followed by a snapshot in the same transaction: no replay ever crosses an adoption. Used by one thread at a time.
 */
final class Synchronisation {

    private static final Logger LOG = LoggerFactory.getLogger(Synchronisation.class);
    private static final String CONTRIBUTED = "contributed";
    private static final String GLOBAL = "global";

    private final String name;
    private final Learner learner;
    private final ByteStore store;
    private final Output output;
    private final SyncMeters meters;
    private final Inbox inbox;

    Synchronisation(String name, Learner learner, ByteStore store, Output output, PartitionMeters meters) {
        this.name = name;
        this.learner = learner;
        this.store = store;
        this.output = output;
        this.meters = meters.sync();
        this.inbox = new Inbox(store, GLOBAL);
    }

    /** The model was restored, or begins. */
    void begin() {
        meters.round(learner.round());
    }

    /** Sends the model's contribution if one is due and was not sent before the model was restored. */
    void contributeIfDue() {
        if (!learner.contributionDue()) {
            return;
        }
        Contribution contribution = learner.contribute();
        if (contribution.round() > contributedRound()) {
            store.put(
                    CONTRIBUTED,
                    ByteBuffer.allocate(Long.BYTES)
                            .putLong(contribution.round())
                            .array());
            meters.contributed(output.contribution(contribution));
        }
    }

    /** The last round that had a contribution of this partition, -1 for none. */
    private long contributedRound() {
        byte @Nullable [] bytes = store.get(CONTRIBUTED);
        return bytes == null ? -1 : ByteBuffer.wrap(bytes).getLong();
    }

    /**
     * Keeps a chunk of global weights.
     *
     * @return whether they are complete
     */
    boolean receive(byte @Nullable [] chunk) {
        if (!inbox.receive(chunk)) {
            LOG.debug("{}: a part of global weights whose beginning is gone", name);
            return false;
        }
        return inbox.isWhole();
    }

    /**
     * Brings the model together with the weights that are kept, if they are complete and news; a snapshot is due then.
     */
    boolean adopt() {
        Optional<byte[]> message = inbox.message();
        if (message.isEmpty()) {
            return false;
        }
        try {
            GlobalWeights global = SyncCodec.globalWeights(message.get());
            if (!learner.adopt(global)) {
                return false;
            }
            LOG.debug("{}: global weights of round {} at step {}", name, global.round(), learner.step());
            meters.adopted(global.round());
            return true;
        } catch (IllegalArgumentException e) {
            LOG.warn("{}: global weights cannot be read: {}", name, e.getMessage());
            return false;
        }
    }
}
