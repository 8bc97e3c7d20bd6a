package dev.eddy.stream;

import dev.eddy.learn.Learner;
import dev.eddy.snapshot.ByteStore;
import dev.eddy.telemetry.PartitionMeters;
import dev.eddy.telemetry.Telemetry;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The real learner of a partition that was started last, with its model and its meters. */
final class StartedLearner implements AutoCloseable {

    private final Telemetry telemetry;
    private @Nullable PartitionLearner learner;
    private @Nullable Learner model;
    private @Nullable PartitionMeters meters;

    StartedLearner(Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    PartitionLearner start(
            StreamSettings settings,
            int partition,
            ByteStore store,
            SourceLog source,
            Output output,
            Models models,
            LongSupplier clock) {
        Learner fresh = new Learner(settings.learner(), partition);
        PartitionMeters opened = telemetry.partition(settings.topics().input(), partition);
        PartitionLearner started =
                new PartitionLearner(settings, partition, fresh, store, source, output, models, opened, clock);
        learner = started;
        model = fresh;
        meters = opened;
        return started;
    }

    PartitionLearner learner() {
        return Objects.requireNonNull(learner, "not started");
    }

    Learner model() {
        return Objects.requireNonNull(model, "not started");
    }

    /** Ends a learner that this has started, with the meters, which all of them share. */
    void end(PartitionLearner started) {
        started.close();
        telemetry.close(Objects.requireNonNull(meters, "not started"));
    }

    @Override
    public void close() {
        if (learner != null) {
            end(learner);
            learner = null;
        }
    }
}
