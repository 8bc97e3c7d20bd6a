package dev.eddy.backtest;

import dev.eddy.cli.EddyConfig;
import dev.eddy.image.ImageGrid;
import dev.eddy.learn.AnomalyConfig;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.SimulatedScores;
import dev.eddy.nn.CounterRandom;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@link QualityTables} runs once for each configuration and seed. */
enum Experiment {
    /** One class is normal: the mean over the classes. */
    ONE_CLASS("gan.train=false"),
    /** One class is foreign, the others normal: the mean over the classes. */
    LEAVE_ONE_OUT("gan.train=false"),
    /** All classes are normal, the test's own pictures damaged are not: AUROC of the main score for each damage. */
    DAMAGED("gan.train=false"),
    /** All classes are normal: likelihood. */
    LIKELIHOOD("gan.train=false"),
    /** All classes are normal: samples. */
    SAMPLES(""),
    /** One class is normal, 5 % of the stream are foreign: AUROC over the stream, for each kind of foreign pictures. */
    CONTAMINATED("gan.train=false"),
    /** All classes are normal, 5 % of the stream are foreign: AUROC over the stream, for each kind of foreign pictures. */
    CONTAMINATED_ALL("gan.train=false"),
    /** What is normal changes: how soon false positives, alarm and gate have settled. */
    DRIFT("gan.train=false"),
    /** What each ingredient is worth: those of the scores and the likelihood, or of the samples, by what differs. */
    ABLATION(""),
    /** All classes are normal: how often the stream is flagged, with the bounds of what is honest. */
    CALIBRATION("gan.train=false"),
    /** No images but as many simulated scores: false alarms on drift. */
    FALSE_ALARMS("");

    private static final double FOREIGN = 0.05;
    private static final int MIXED = 20_000;
    private static final int SIMULATED_MILLIONS = 30;

    /** {@code key=value} that spares what the experiment does not look at. */
    final String settings;

    Experiment(String settings) {
        this.settings = settings;
    }

    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * What the runs have in common.
     *
     * @param train images with labels
     * @param test images with labels
     * @param classes those to take the mean over
     * @param out where pictures go; null for nowhere
     */
    record Data(
            LabelledImages train,
            LabelledImages test,
            Set<Integer> classes,
            @Nullable OutputDirectory out) {}

    Map<String, Double> run(LearnerConfig learner, Data data) throws IOException {
        Spread found = new Spread();
        switch (this) {
            case ONE_CLASS -> {
                for (int label : data.classes) {
                    ranking(learner, data, Set.of(label), found);
                }
            }
            case LEAVE_ONE_OUT -> {
                for (int label : data.classes) {
                    Set<Integer> others = new TreeSet<>(data.train.labels());
                    others.remove(label);
                    ranking(learner, data, others, found);
                }
            }
            case DAMAGED -> damaged(learner, data, found);
            case LIKELIHOOD -> {
                Figures figures = run(new Plan(learner, data.train, data.train, data.test, Set.of(), false))
                        .figures();
                found.add("negative ELBO", figures.testNegativeElbo());
                found.add("records/s", figures.recordsPerSecond());
            }
            case SAMPLES -> samples(learner, data, found);
            case CONTAMINATED -> contaminated(learner, data, found);
            case ABLATION -> ablation(learner, data, found);
            case CONTAMINATED_ALL -> contaminatedAll(learner, data, found);
            case DRIFT -> new DriftRuns(learner, data.train, found).run();
            case CALIBRATION -> calibration(learner, data, found);
            case FALSE_ALARMS -> falseAlarms(learner, found);
        }
        return found.means();
    }

    private static Outcome run(Plan plan) {
        return Backtest.run(plan, Progress.NONE);
    }

    private static void ranking(LearnerConfig learner, Data data, Set<Integer> normal, Spread found) {
        Figures figures = run(Plan.of(learner, data.train, data.test, normal).scoresOnly())
                .figures();
        found.add("main", figures.auroc().main());
        found.add("reconstructionError", figures.auroc().reconstructionError());
        found.add("rapp", figures.auroc().rapp());
        found.add("kl", figures.auroc().kl());
        found.add("crossEntropy", figures.auroc().crossEntropy());
        found.add("false positives %", percent(figures.falsePositiveRate()));
        found.add("records/s", figures.recordsPerSecond());
    }

    private static @Nullable Double percent(@Nullable Double share) {
        return share == null ? null : Double.valueOf(100 * share);
    }

    /** Label 0 are the test's pictures as they are, 1 and up the damaged ones. */
    private static void damaged(LearnerConfig learner, Data data, Spread found) {
        CounterRandom random = new CounterRandom(learner.seed(), -2);
        List<byte[]> images = new ArrayList<>(data.test.images());
        List<Integer> labels = new ArrayList<>(java.util.Collections.nCopies(images.size(), 0));
        List<Spoilt> ways = List.of(Spoilt.values());
        for (int way = 0; way < ways.size(); way++) {
            random.at(way, 0);
            for (byte[] image : data.test.images()) {
                images.add(ways.get(way).of(image, data.test.geometry(), random));
                labels.add(1 + way);
            }
        }
        LabelledImages test = new LabelledImages(data.test.geometry(), images, labels);
        List<ScoredImage> scores = run(new Plan(learner, data.train, data.train, test, Set.of(0), false))
                .test();
        for (int way = 0; way < ways.size(); way++) {
            Integer label = 1 + way;
            List<ScoredImage> both = scores.stream()
                    .filter(image -> image.isNormal() || label.equals(image.label()))
                    .toList();
            Roc roc = Measure.SCORE.roc(both);
            found.add(ways.get(way).name().toLowerCase(Locale.ROOT), roc == null ? null : roc.area());
        }
    }

    private static void samples(LearnerConfig learner, Data data, Spread found) throws IOException {
        Outcome outcome = run(Plan.of(learner, data.train, data.test, Set.of()));
        Figures figures = outcome.figures();
        found.add("GAN", figures.frechetDistance().gan());
        found.add("VAE", figures.frechetDistance().vae());
        found.add("floor", figures.frechetDistance().floor());
        found.add("one picture", figures.frechetDistance().collapsed());
        found.add("GAN covers", figures.coverage().gan());
        found.add("VAE covers", figures.coverage().vae());
        found.add("images cover", figures.coverage().ceiling());
        Integer modes = figures.modes().gan();
        found.add("GAN modes", modes == null ? null : Double.valueOf(modes));
        found.add("records/s", figures.recordsPerSecond());
        List<History.Moment> moments = outcome.history().moments();
        if (data.out != null && !moments.isEmpty()) {
            List<byte[]> grid = moments.get(moments.size() - 1).gan();
            data.out.write("gan-" + learner.seed() + ".png", ImageGrid.png(learner.geometry(), grid, 2));
        }
    }

    private static void contaminated(LearnerConfig learner, Data data, Spread found) {
        CounterRandom random = new CounterRandom(learner.seed(), -3);
        for (int label : data.classes) {
            LabelledImages normal = data.train.withLabels(Set.of(label));
            Set<Integer> others =
                    data.train.labels().stream().filter(l -> l != label).collect(Collectors.toSet());
            List<byte[]> foreign = data.train.withLabels(others).images();
            for (String kind : List.of("another class", "inverted", "scrambled")) {
                random.at(label, kind.length());
                LabelledImages stream = mixed(normal, foreign, kind, random);
                Plan plan = new Plan(learner, stream, stream, data.test, Set.of(0), false);
                found.add(kind, run(plan).figures().streamAuroc().main());
            }
        }
    }

    private static void contaminatedAll(LearnerConfig learner, Data data, Spread found) {
        CounterRandom random = new CounterRandom(learner.seed(), -3);
        LabelledImages normal = new LabelledImages(
                data.train.geometry(), data.train.images().subList(0, Math.min(MIXED, data.train.size())), List.of());
        for (String kind : List.of("inverted", "scrambled")) {
            random.at(10, kind.length());
            LabelledImages stream = mixed(normal, List.of(), kind, random);
            Plan plan = new Plan(learner, stream, stream, data.test, Set.of(0), false);
            found.add(kind, run(plan).figures().streamAuroc().main());
        }
    }

    private static void ablation(LearnerConfig learner, Data data, Spread found) {
        LearnerConfig normal = new EddyConfig(Map.of("seed", Long.toString(learner.seed()))).learner();
        boolean gan = !learner.gan().equals(normal.gan());
        if (!gan || learner.equals(normal)) {
            LearnerConfig vae = new LearnerConfig(
                    learner.seed(),
                    learner.geometry(),
                    learner.batchSize(),
                    learner.maxDiscardedUpdates(),
                    learner.vae(),
                    new EddyConfig(Map.of("gan.train", "false")).learner().gan(),
                    learner.anomaly());
            Spread scores = new Spread();
            for (int label : data.classes) {
                ranking(vae, data, Set.of(label), scores);
            }
            Map<String, Double> means = scores.means();
            for (String score : List.of("main", "reconstructionError", "rapp", "crossEntropy")) {
                found.add("one class, " + score, means.get(score));
            }
            contaminatedAll(vae, data, found);
            found.add(
                    "negative ELBO",
                    run(new Plan(vae, data.train, data.train, data.test, Set.of(), false))
                            .figures()
                            .testNegativeElbo());
        }
        if (gan || learner.equals(normal)) {
            Figures figures =
                    run(Plan.of(learner, data.train, data.test, Set.of())).figures();
            Integer modes = figures.modes().gan();
            found.add("Fréchet distance, GAN", figures.frechetDistance().gan());
            found.add("GAN modes", modes == null ? null : Double.valueOf(modes));
        }
    }

    /** Label 0 is normal; in place of some of the pictures stands a foreign one. */
    private static LabelledImages mixed(
            LabelledImages normal, List<byte[]> foreign, String kind, CounterRandom random) {
        List<byte[]> images = new ArrayList<>(normal.images());
        Integer[] labels = new Integer[images.size()];
        Arrays.fill(labels, 0);
        for (int i = 0; i < labels.length; i++) {
            if (random.uniform() < FOREIGN) {
                labels[i] = 1;
                images.set(
                        i,
                        switch (kind) {
                            case "inverted" -> Spoilt.INVERTED.of(images.get(i), normal.geometry(), random);
                            case "scrambled" -> Spoilt.SCRAMBLED.of(images.get(i), normal.geometry(), random);
                            default -> foreign.get(random.below(foreign.size()));
                        });
            }
        }
        return new LabelledImages(normal.geometry(), images, List.of(labels));
    }

    private static void calibration(LearnerConfig learner, Data data, Spread found) {
        Outcome outcome = run(new Plan(learner, data.train, data.train, data.test, Set.of(), false));
        List<ScoredImage> warm = outcome.history().scores().stream()
                .filter(image -> !image.score().warming())
                .toList();
        for (double alpha : new double[] {0.01, 0.001}) {
            long flagged = warm.stream()
                    .filter(image -> image.score().pValue() <= alpha)
                    .count();
            double margin = 1.96 * Math.sqrt(alpha * (1 - alpha) / warm.size());
            found.add("flagged % at " + alpha, 100.0 * flagged / warm.size());
            found.add("of " + alpha + ", 95 % margin", 100 * margin);
            double rate = (double) flagged / warm.size();
            found.add("within at " + alpha, Math.abs(rate - alpha) <= margin ? 1.0 : 0.0);
        }
        found.add("drift alarms", (double) outcome.figures().driftAlarms());
    }

    private static void falseAlarms(LearnerConfig learner, Spread found) {
        AnomalyConfig anomaly = learner.anomaly();
        SimulatedScores scores = new SimulatedScores(learner.seed(), anomaly.window(), learner.batchSize());
        long alarms = scores.falseAlarms(anomaly.driftRunLength(), SIMULATED_MILLIONS * 1_000_000);
        found.add("in " + SIMULATED_MILLIONS + " million", (double) alarms);
        found.add("per million", (double) alarms / SIMULATED_MILLIONS);
    }

    static Map<String, Experiment> byKey() {
        Map<String, Experiment> all = new LinkedHashMap<>();
        for (Experiment experiment : values()) {
            all.put(experiment.key(), experiment);
        }
        return all;
    }
}
