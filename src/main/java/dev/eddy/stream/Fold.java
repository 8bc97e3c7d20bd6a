package dev.eddy.stream;

import dev.eddy.learn.Learner;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.SampleQuality;
import dev.eddy.learn.Score;
import dev.eddy.learn.StepReport;
import dev.eddy.telemetry.PartitionMeters;

/**
 * Feeds the learner record by record, whether they come from the consumer or from replay: scores what has no score yet,
 * trains when the micro-batch is full if it trains at all, publishes samples. A record's score is published by whoever
 * takes it in first with an offset at or behind {@link #scoredThrough}, a step's samples together with the score of its
 * last record.
 */
final class Fold {

    private final Learner learner;
    private final Output output;
    private final PartitionMeters meters;
    private final Runnable beforeBatch;
    private final boolean trains;
    private final int samplesEverySteps;
    private final int samplesCount;
    private final PendingImage[] rows;
    private int emitted; // rows whose score is published
    private int gone; // rows of a source that is no more
    private long position;
    private long scoredThrough;

    /** @param beforeBatch called before the first record of each micro-batch */
    Fold(Learner learner, Output output, PartitionMeters meters, StreamSettings settings, Runnable beforeBatch) {
        this.learner = learner;
        this.output = output;
        this.meters = meters;
        this.beforeBatch = beforeBatch;
        this.trains = settings.trains();
        this.samplesEverySteps = settings.samplesEverySteps();
        this.samplesCount = settings.samplesCount();
        this.rows = new PendingImage[settings.learner().batchSize()];
    }

    /**
     * Begins with an empty micro-batch.
     *
     * @param position the first record to take in
     * @param scoredThrough the first record whose score is owed
     */
    void begin(long position, long scoredThrough) {
        this.position = position;
        this.scoredThrough = scoredThrough;
        emitted = 0;
    }

    long step() {
        return learner.step();
    }

    /** The offset behind the last record taken in. */
    long position() {
        return position;
    }

    /** The first offset that may have no score yet. */
    long scoredThrough() {
        return scoredThrough;
    }

    /** The first record of the source that has not been trained on. */
    long nextOffset() {
        return learner.rows() > gone ? rows[gone].offset() : position;
    }

    /** Whether a record in the micro-batch waits for its score. */
    boolean owesScores() {
        return emitted < learner.rows() && rows[learner.rows() - 1].offset() >= scoredThrough;
    }

    /**
     * Takes in a record.
     *
     * @return whether it completed a micro-batch
     */
    boolean accept(PendingImage image) {
        if (image.offset() >= scoredThrough) {
            meters.received();
        }
        if (learner.rows() == 0) {
            beforeBatch.run();
        }
        rows[learner.add(image.pixels())] = image;
        position = image.offset() + 1;
        if (!learner.isFull()) {
            return false;
        }
        boolean owed = owesScores();
        flush();
        if (trains) {
            train(owed);
        }
        return true;
    }

    /** Passes over an invalid record or a place without one. */
    void skipTo(long offset) {
        position = Math.max(position, offset);
    }

    /** The source began anew: what comes has smaller offsets than what came. */
    void rewind(long offset) {
        flush();
        position = offset;
        scoredThrough = offset;
        gone = learner.rows();
    }

    /** Publishes the scores that are owed; without training the micro-batch is done with then. */
    void flush() {
        for (; emitted < learner.rows(); emitted++) {
            PendingImage image = rows[emitted];
            if (image.offset() >= scoredThrough) {
                publish(image, learner.score(emitted));
            }
        }
        scoredThrough = Math.max(scoredThrough, position);
        if (!trains) {
            learner.discard();
            emitted = 0;
        }
    }

    private void publish(PendingImage image, Score score) {
        output.score(image, score);
        meters.scored(
                score.score(),
                score.reconstructionError(),
                score.kl(),
                score.pValue(),
                score.anomaly(),
                score.warming());
        if (score.anomaly()) {
            output.anomaly(image, score, learner.reconstruction(emitted));
        }
    }

    private void train(boolean owed) {
        boolean samplesDue = owed && (learner.step() + 1) % samplesEverySteps == 0;
        if (samplesDue) {
            output.ordinary(rows[0], learner.reconstruction(0));
        }
        StepReport report = learner.train();
        emitted = 0;
        gone = 0;
        report(report);
        if (owed && report.driftAlarms() > 0) {
            meters.driftAlarm(report.step(), "what is normal has changed");
        }
        if (samplesDue) {
            for (SampleKind kind : SampleKind.values()) {
                output.samples(kind, learner.step(), learner.samples(kind, samplesCount));
            }
            SampleQuality quality = learner.sampleQuality();
            if (quality != null) {
                meters.sampleQuality(quality.frechetDistance(), quality.coverage());
            }
        }
    }

    private void report(StepReport r) {
        meters.step(
                r.step(),
                r.vaeLoss(),
                r.vaeReconstruction(),
                r.vaeKl(),
                r.vaeGradientNorm(),
                r.generatorLoss(),
                r.discriminatorLoss(),
                r.generatorGradientNorm(),
                r.discriminatorGradientNorm(),
                r.realAccuracy(),
                r.fakeAccuracy(),
                r.pairAccuracy(),
                r.vaeUpdates(),
                r.ganUpdates(),
                r.rejected(),
                r.discardedUpdates(),
                r.scoreNanos(),
                r.vaeNanos(),
                r.ganNanos(),
                r.calibrationNanos());
        meters.driftEvidence(Math.log(Math.max(1, r.driftEvidence())));
        meters.trainingStopped(learner.trainingStopped());
    }
}
