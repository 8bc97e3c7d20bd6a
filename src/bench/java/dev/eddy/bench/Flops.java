package dev.eddy.bench;

import dev.eddy.learn.AnomalyConfig;
import dev.eddy.model.GanConfig;
import dev.eddy.model.VaeConfig;
import java.util.ArrayList;
import java.util.List;

/** Floating-point operations of the matrix products that a unit of work needs; element-wise work is not counted. */
final class Flops {

    private Flops() {}

    static double of(Case what) {
        VaeConfig vae = what.preset().vae(what.vaeBatch());
        GanConfig gan = what.preset().gan();
        double perRow =
                switch (what.work()) {
                    case VAE -> vae(vae);
                    case GAN -> gan(gan);
                    case SCORE -> score(vae);
                    case LEARNER -> score(vae) + vae(vae) + gan(gan) + fit(what, vae);
                };
        return perRow * what.batch();
    }

    /** Forward, gradients of the weights, gradients of all inputs but the picture. */
    private static double vae(VaeConfig config) {
        List<Integer> encoder = widths(Preset.SIZE, config.encoder(), 2 * config.latent());
        List<Integer> decoder = widths(config.latent(), config.decoder(), Preset.SIZE);
        return 3 * (products(encoder) + products(decoder)) - 2.0 * encoder.get(0) * encoder.get(1);
    }

    private static double gan(GanConfig config) {
        List<Integer> g = widths(config.noise(), config.generator(), Preset.SIZE);
        List<Integer> d = widths(Preset.SIZE, config.discriminator(), 1);
        double generator = 3 * products(g) - 2.0 * g.get(0) * g.get(1);
        double all = products(d);
        if (config.loss() == GanConfig.Loss.RELATIVISTIC) {
            // Forward, input gradient, its way forward again, gradients of the weights; for real and fake.
            return generator + 2 * (config.gamma() > 0 ? 4 : 3) * all;
        }
        double first = 2.0 * d.get(0) * d.get(1);
        return generator + 2 * (3 * all - first) + first; // the input gradient of the fake rows alone
    }

    private static double score(VaeConfig config) {
        List<Integer> encoder = widths(Preset.SIZE, config.encoder(), 2 * config.latent());
        return 2 * products(encoder)
                + products(widths(config.latent(), config.decoder(), Preset.SIZE))
                + triangle(config);
    }

    /** Of the covariance: a product or two with each vector of the window, spread over the rows between two fits. */
    private static double fit(Case what, VaeConfig config) {
        AnomalyConfig anomaly = what.anomaly();
        double perVector = (anomaly.robust() ? 2 : 1) * triangle(config);
        return perVector * anomaly.referenceWindow() / (anomaly.refreshSteps() * what.batch());
    }

    /** A RaPP vector's product with a triangular matrix, or the lower half of its product with itself. */
    private static double triangle(VaeConfig config) {
        double dimensions = config.latent();
        for (int width : config.encoder()) {
            dimensions += width;
        }
        return dimensions * (dimensions + 1);
    }

    private static List<Integer> widths(int inputs, List<Integer> hidden, int outputs) {
        List<Integer> widths = new ArrayList<>();
        widths.add(inputs);
        widths.addAll(hidden);
        widths.add(outputs);
        return widths;
    }

    private static double products(List<Integer> widths) {
        double sum = 0;
        for (int i = 1; i < widths.size(); i++) {
            sum += 2.0 * widths.get(i - 1) * widths.get(i);
        }
        return sum;
    }
}
