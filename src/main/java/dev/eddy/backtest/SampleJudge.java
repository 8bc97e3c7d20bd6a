package dev.eddy.backtest;

import dev.eddy.learn.Learner;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.nn.Coverage;
import dev.eddy.nn.Gaussian;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares generated samples with the test's normal images, as many of each, and both with what bounds them. */
final class SampleJudge {

    private static final int MOST = 10_000;
    private static final int MOST_FOR_COVERAGE = 2000;

    /** Of a class's share among images, how much makes it a mode of the samples. */
    private static final double PRESENT = 0.2;

    /** Of a class's even share, how much makes it a mode of the images: more than a classifier's slips. */
    private static final double NOTABLE = 0.25;

    private final Learner learner;
    private final Plan plan;
    private final List<byte[]> real;

    SampleJudge(Learner learner, Plan plan) {
        this.learner = learner;
        this.plan = plan;
        this.real = plan.normalTest().spread(MOST);
    }

    /**
     * What there is to say of samples.
     *
     * @param distance Frechet distances
     * @param coverage shares of what is covered
     * @param modes classes
     */
    record Judgement(Figures.FrechetDistance distance, Figures.CoverageShare coverage, Figures.Modes modes) {

        static final Judgement NONE = new Judgement(
                new Figures.FrechetDistance(null, null, null, null, null),
                new Figures.CoverageShare(null, null, null),
                new Figures.Modes(null, null, null, null));
    }

    Judgement judge() {
        if (!plan.judgeSamples() || real.isEmpty() || plan.stream().size() == 0) {
            return Judgement.NONE;
        }
        if (plan.labelled().labels().stream().distinct().count() < 2) {
            return compare(new EncoderFeatures(learner), null);
        }
        try (Classifier classifier =
                Classifier.train(plan.labelled(), learner.config().seed())) {
            return compare(classifier, classifier);
        }
    }

    private Judgement compare(FeatureSpace space, @Nullable Classifier classifier) {
        List<byte[]> vae = Pictures.quantised(learner.samples(SampleKind.VAE, real.size()));
        List<byte[]> gan = learner.config().gan().train()
                ? Pictures.quantised(learner.samples(SampleKind.GAN, real.size()))
                : null;
        float[][] target = space.features(real);
        float[][] ofVae = space.features(vae);
        float[][] ofStream = space.features(plan.stream().spread(real.size()));
        float[] ofMean = space.features(List.of(Pictures.mean(plan.stream().images())))[0];
        float[][] ofGan = gan == null ? null : space.features(gan);
        Gaussian moments = Gaussian.of(target);
        return new Judgement(
                new Figures.FrechetDistance(
                        ofGan == null ? null : distance(moments, ofGan),
                        distance(moments, ofVae),
                        distance(moments, ofStream),
                        distance(moments, new float[][] {ofMean}),
                        space.name()),
                new Figures.CoverageShare(
                        ofGan == null ? null : coverage(target, ofGan),
                        coverage(target, ofVae),
                        coverage(target, ofStream)),
                classifier == null ? Judgement.NONE.modes : modes(classifier, gan, vae));
    }

    private static double distance(Gaussian target, float[][] features) {
        return target.frechetDistance(Gaussian.of(features));
    }

    private static double coverage(float[][] real, float[][] others) {
        int count = Math.min(MOST_FOR_COVERAGE, Math.min(real.length, others.length));
        return Coverage.of(spread(real, count), spread(others, count));
    }

    private static float[][] spread(float[][] vectors, int count) {
        float[][] chosen = new float[count][];
        Arrays.setAll(chosen, i -> vectors[(int) ((long) i * vectors.length / count)]);
        return chosen;
    }

    private Figures.Modes modes(Classifier classifier, @Nullable List<byte[]> gan, List<byte[]> vae) {
        double[] shares = shares(classifier, real);
        int present = (int) Arrays.stream(shares)
                .filter(share -> share > NOTABLE / shares.length)
                .count();
        return new Figures.Modes(
                gan == null ? null : count(shares, shares(classifier, gan)),
                count(shares, shares(classifier, vae)),
                present,
                accuracy(classifier));
    }

    private static double[] shares(Classifier classifier, List<byte[]> pictures) {
        double[] shares = new double[classifier.classes()];
        for (int label : classifier.classify(pictures)) {
            shares[label] += 1.0 / pictures.size();
        }
        return shares;
    }

    private static int count(double[] real, double[] generated) {
        int modes = 0;
        for (int i = 0; i < real.length; i++) {
            modes += real[i] > NOTABLE / real.length && generated[i] >= PRESENT * real[i] ? 1 : 0;
        }
        return modes;
    }

    private @Nullable Double accuracy(Classifier classifier) {
        LabelledImages test = plan.test();
        if (!test.hasLabels()) {
            return null;
        }
        int[] found = classifier.classify(test.images());
        int right = 0;
        for (int i = 0; i < found.length; i++) {
            right += found[i] == test.labels().get(i) ? 1 : 0;
        }
        return (double) right / found.length;
    }
}
