package dev.eddy.telemetry;

import dev.eddy.telemetry.History.Column;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Reads the meters at intervals into the page's histories. One thread ticks, any reads. */
final class Sampler {

    /** Ticks whose scores make up the distribution that the page shows. */
    private static final int DISTRIBUTION_TICKS = 60;

    private final Collection<PartitionMeters> partitions;
    private final DeadLetters deadLetters;
    private final History recent = new History(1, 900);
    private final History day = new History(60, 1_440);
    private final Deque<long[]> bins = new ArrayDeque<>();

    private Totals before = new Totals(0, 0, 0, 0, 0);
    private long millisBefore;

    Sampler(Collection<PartitionMeters> partitions, DeadLetters deadLetters, long nowMillis) {
        this.partitions = partitions;
        this.deadLetters = deadLetters;
        millisBefore = nowMillis;
        bins.addLast(new long[ScoreBins.COUNT]);
    }

    /** Records since the start, over all partitions. */
    record Totals(double received, double scored, double calibrated, double anomalous, double deadLettered) {}

    Totals totals() {
        double received = 0;
        double scored = 0;
        double calibrated = 0;
        double anomalous = 0;
        for (PartitionMeters p : partitions) {
            received += p.records().receivedCount();
            scored += p.records().scoredCount();
            calibrated += p.records().scoredCount() - p.records().warmingCount();
            anomalous += p.records().anomalousCount();
        }
        return new Totals(received, scored, calibrated, anomalous, deadLetters.count());
    }

    /** Takes one sample. */
    synchronized void tick(long nowMillis) {
        double seconds = Math.max(1, nowMillis - millisBefore) / 1000.0;
        Totals totals = totals();
        Map<Column, Double> values = new EnumMap<>(Column.class);
        set(values, Column.RECEIVED, (totals.received - before.received) / seconds);
        set(values, Column.SCORED, (totals.scored - before.scored) / seconds);
        set(values, Column.ANOMALOUS, (totals.anomalous - before.anomalous) / seconds);
        set(values, Column.DEAD_LETTERED, (totals.deadLettered - before.deadLettered) / seconds);
        lag(values);
        losses(values);
        scores(values);
        before = totals;
        millisBefore = nowMillis;
        recent.add(nowMillis, values);
        day.add(nowMillis, values);
    }

    private void lag(Map<Column, Double> values) {
        for (PartitionMeters p : partitions) {
            if (p.state().lag() >= 0) {
                values.merge(Column.LAG, (double) p.state().lag(), Double::sum);
            }
        }
    }

    private void losses(Map<Column, Double> values) {
        List<StepMeters.Step> steps = new ArrayList<>();
        for (PartitionMeters p : partitions) {
            StepMeters.@Nullable Step step = p.steps().last();
            if (step != null) {
                steps.add(step);
            }
        }
        mean(values, Column.VAE_LOSS, steps, StepMeters.Step::vaeLoss);
        mean(values, Column.VAE_RECONSTRUCTION, steps, StepMeters.Step::vaeReconstruction);
        mean(values, Column.VAE_KL, steps, StepMeters.Step::vaeKl);
        mean(values, Column.GENERATOR_LOSS, steps, StepMeters.Step::generatorLoss);
        mean(values, Column.DISCRIMINATOR_LOSS, steps, StepMeters.Step::discriminatorLoss);
        mean(values, Column.REAL_ACCURACY, steps, StepMeters.Step::realAccuracy);
        mean(values, Column.FAKE_ACCURACY, steps, StepMeters.Step::fakeAccuracy);
    }

    private static void mean(
            Map<Column, Double> values,
            Column column,
            List<StepMeters.Step> steps,
            ToDoubleFunction<StepMeters.Step> value) {
        set(values, column, steps.stream().mapToDouble(value).average().orElse(Double.NaN));
    }

    private void scores(Map<Column, Double> values) {
        long[] sums = new long[ScoreBins.COUNT];
        partitions.forEach(p -> p.records().bins().addTo(sums));
        long[] fresh = minus(sums, bins.getLast());
        set(values, Column.SCORE_P50, ScoreBins.quantile(fresh, 0.50));
        set(values, Column.SCORE_P90, ScoreBins.quantile(fresh, 0.90));
        set(values, Column.SCORE_P99, ScoreBins.quantile(fresh, 0.99));
        bins.addLast(sums);
        if (bins.size() > DISTRIBUTION_TICKS + 1) {
            bins.removeFirst();
        }
    }

    /** Counts of the scores of the last minute, in the bins of {@link ScoreBins}. */
    synchronized long[] distribution() {
        return minus(bins.getLast(), bins.getFirst());
    }

    /** A point a tick: at one a second, a quarter of an hour. */
    History recent() {
        return recent;
    }

    /** A point every 60 ticks: a day. */
    History day() {
        return day;
    }

    private static long[] minus(long[] later, long[] earlier) {
        long[] difference = new long[later.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = later[i] - earlier[i];
        }
        return difference;
    }

    private static void set(Map<Column, Double> values, Column column, double value) {
        if (!Double.isNaN(value)) {
            values.put(column, value);
        }
    }
}
