package dev.eddy.backtest;

import dev.eddy.learn.Learner;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.StepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The learner of production over files: one strict pass over the stream, each image scored before it is trained on;
 * then the test, scored by the model as it stands. One thread.
 */
public final class Backtest implements AutoCloseable {

    /** Images of the stream that count as its beginning. */
    static final int BEGINNING = 2000;

    /** Shares of the stream after which samples are kept for the report. */
    private static final double[] MOMENTS = {0.01, 0.03, 0.1, 0.3, 1};

    private static final int SAMPLES = 16;
    private static final int PARTITION = 0;

    private final Plan plan;
    private final Progress progress;
    private final Learner learner;
    private final int rows;

    private Backtest(Plan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
        this.learner = new Learner(plan.learner(), PARTITION);
        this.rows = plan.learner().batchSize();
    }

    /**
     * Runs it; the figures but for the rates are a function of the plan.
     *
     * @throws CancellationException if the thread is interrupted, between two micro-batches
     */
    public static Outcome run(Plan plan, Progress progress) {
        try (Backtest backtest = new Backtest(plan, progress)) {
            return backtest.run();
        }
    }

    private Outcome run() {
        long start = System.nanoTime();
        History history = stream();
        long streamed = System.nanoTime();
        List<ScoredImage> test = test();
        long tested = System.nanoTime();
        Double elbo = negativeElbo();
        SampleJudge.Judgement samples = new SampleJudge(learner, plan).judge();
        checkInterrupt();
        List<Outcome.Exhibit> exhibits = new Exhibition(learner, plan.test(), test).exhibits();
        Figures figures = new Figures(
                plan.learner().seed(),
                history.scores().size(),
                learner.step(),
                sum(history, StepReport::vaeUpdates),
                sum(history, StepReport::ganUpdates),
                sum(history, StepReport::rejected),
                sum(history, StepReport::discardedUpdates),
                count(history.scores(), image -> image.score().warming()),
                count(history.scores(), image -> image.score().anomaly()),
                sum(history, StepReport::driftAlarms),
                last(history, StepReport::vaeUpdates, StepReport::vaeLoss),
                last(history, StepReport::vaeUpdates, StepReport::vaeReconstruction),
                last(history, StepReport::vaeUpdates, StepReport::vaeKl),
                last(history, StepReport::ganUpdates, StepReport::generatorLoss),
                last(history, StepReport::ganUpdates, StepReport::discriminatorLoss),
                test.size(),
                count(test, image -> image.score().anomaly()),
                Figures.Auroc.of(test),
                Figures.Auroc.of(history.scores()
                        .subList(
                                Math.min(BEGINNING, history.scores().size()),
                                history.scores().size())),
                flagged(test, image -> !image.isAnomalous()),
                flagged(test, ScoredImage::isAnomalous),
                flagged(
                        history.scores(),
                        image -> !image.isAnomalous() && !image.score().warming()),
                elbo,
                samples.distance(),
                samples.coverage(),
                samples.modes(),
                perSecond(history.scores().size(), streamed - start),
                perSecond(test.size(), tested - streamed),
                (System.nanoTime() - start) / 1e9,
                learner.weightsSha256());
        return new Outcome(plan, figures, history, test, exhibits);
    }

    /** Test, then train; images of a last micro-batch that does not fill are only scored. */
    private History stream() {
        LabelledImages stream = plan.stream();
        List<ScoredImage> scores = new ArrayList<>();
        List<StepReport> reports = new ArrayList<>();
        List<History.Moment> moments = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < stream.size(); i++) {
            learner.add(stream.images().get(i));
            if (learner.isFull() || i == stream.size() - 1) {
                scoreRows(stream, first, scores);
                first = i + 1;
            }
            if (learner.isFull()) {
                reports.add(learner.train());
                long due = momentsUntil(i + 1L, stream.size());
                if (due > moments.size()) {
                    moments.add(moment(i + 1L));
                }
                at("learning", i + 1L, stream.size());
            }
        }
        learner.discard();
        return new History(scores, reports, moments);
    }

    private void scoreRows(LabelledImages images, int first, List<ScoredImage> scores) {
        for (int row = 0; row < learner.rows(); row++) {
            Integer label = images.label(first + row);
            scores.add(new ScoredImage(
                    first + row, label, plan.isNormal(label), learner.score(row), learner.crossEntropy(row)));
        }
    }

    /** How many of the moments have come when the last full micro-batch counts as the end. */
    private long momentsUntil(long records, long all) {
        long last = all - all % rows;
        long due = 0;
        for (double share : MOMENTS) {
            due += records >= share * last ? 1 : 0;
        }
        return due;
    }

    private History.Moment moment(long records) {
        List<byte[]> vae = Pictures.quantised(learner.samples(SampleKind.VAE, SAMPLES));
        List<byte[]> gan =
                plan.learner().gan().train() ? Pictures.quantised(learner.samples(SampleKind.GAN, SAMPLES)) : List.of();
        return new History.Moment(learner.step(), records, vae, gan);
    }

    private List<ScoredImage> test() {
        List<ScoredImage> scores = new ArrayList<>();
        inBatches(plan.test(), "scoring", first -> scoreRows(plan.test(), first, scores));
        return scores;
    }

    private @Nullable Double negativeElbo() {
        LabelledImages images = plan.normalTest();
        double[] sum = new double[1];
        inBatches(images, "likelihood", first -> {
            for (double nats : learner.negativeElbos(first)) {
                sum[0] += nats;
            }
        });
        return (images.size() == 0 || !Double.isFinite(sum[0])) ? null : sum[0] / images.size();
    }

    /** @param batch told the first image of each, which lie in the learner's rows then */
    private void inBatches(LabelledImages images, String task, IntConsumer batch) {
        for (int first = 0; first < images.size(); first += rows) {
            int n = Math.min(rows, images.size() - first);
            for (int row = 0; row < n; row++) {
                learner.add(images.images().get(first + row));
            }
            batch.accept(first);
            learner.discard();
            at(task, first + (long) n, images.size());
        }
    }

    private void at(String task, long done, long all) {
        progress.at(task, done, all);
        checkInterrupt();
    }

    private static void checkInterrupt() {
        if (Thread.interrupted()) {
            throw new CancellationException("interrupted");
        }
    }

    private static long sum(History history, ToLongFunction<StepReport> figure) {
        return history.reports().stream().mapToLong(figure).sum();
    }

    /** A loss of the last step; null if there was none, or no update that the loss is of. */
    private static @Nullable Double last(
            History history, ToLongFunction<StepReport> updates, ToDoubleFunction<StepReport> loss) {
        List<StepReport> reports = history.reports();
        if (reports.isEmpty()) {
            return null;
        }
        StepReport last = reports.get(reports.size() - 1);
        double value = loss.applyAsDouble(last);
        return updates.applyAsLong(last) == 0 || !Double.isFinite(value) ? null : Double.valueOf(value);
    }

    private static long count(List<ScoredImage> images, Predicate<ScoredImage> which) {
        return images.stream().filter(which).count();
    }

    /** The share of such images that were flagged; null if there are none. */
    private static @Nullable Double flagged(List<ScoredImage> images, Predicate<ScoredImage> which) {
        long all = count(images, which);
        long flagged = count(images, which.and(image -> image.score().anomaly()));
        return all == 0 ? null : (double) flagged / all;
    }

    private static double perSecond(long images, long nanos) {
        return images == 0 ? 0 : images / (nanos / 1e9);
    }

    @Override
    public void close() {
        learner.close();
    }
}
