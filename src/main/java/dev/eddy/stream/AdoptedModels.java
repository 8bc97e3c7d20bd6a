package dev.eddy.stream;

import dev.eddy.learn.Learner;
import dev.eddy.snapshot.IncompatibleSnapshotException;
import dev.eddy.snapshot.ModelVersion;
import dev.eddy.snapshot.SnapshotHeader;
import dev.eddy.telemetry.PartitionMeters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of one partition that is only scored: the newest version that others have published, taken over between two
 * micro-batches. Nothing is kept: what is owed is scored again by whatever version is the newest then.
 */
final class AdoptedModels implements ModelKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(AdoptedModels.class);

    private final String name;
    private final int partition;
    private final Learner learner;
    private final Models models;
    private final Output output;
    private final PartitionMeters meters;
    private @Nullable ModelVersion seen;

    AdoptedModels(
            StreamSettings settings,
            int partition,
            Learner learner,
            Models models,
            Output output,
            PartitionMeters meters) {
        this.name = settings.topics().input() + "-" + partition;
        this.partition = partition;
        this.learner = learner;
        this.models = models;
        this.output = output;
        this.meters = meters;
    }

    @Override
    public Start restore(long bound, long origin) {
        refresh();
        if (seen == null) {
            throw new IllegalStateException("started before there was a model");
        }
        return new Start(bound, bound, false, "scores only");
    }

    @Override
    public void refresh() {
        ModelVersion newest = models.of(partition).orElse(null);
        if (newest == null || newest == seen) {
            return;
        }
        ModelVersion before = seen;
        seen = newest;
        SnapshotHeader header = newest.header();
        try {
            newest.adopt(learner);
        } catch (IncompatibleSnapshotException e) {
            if (before == null) {
                throw e;
            }
            LOG.warn("{}: goes on with step {}: {}", name, learner.step(), e.getMessage());
            return;
        }
        output.switched(header);
        meters.modelAdopted(header.step(), header.createdAtMillis());
        LOG.info(
                "{}: scores with the model of {}-{}, step {}, SHA-256 {}",
                name,
                header.topic(),
                header.partition(),
                header.step(),
                header.sha256());
    }

    @Override
    public void note(String event) {}

    @Override
    public boolean isBehind(Fold fold) {
        return false;
    }

    @Override
    public void renew(Fold fold) {}

    @Override
    public void writeIfDue(Fold fold, long owed) {}

    @Override
    public void writeIfTrained(Fold fold, long owed) {}

    @Override
    public void write(Fold fold, long owed) {}
}
