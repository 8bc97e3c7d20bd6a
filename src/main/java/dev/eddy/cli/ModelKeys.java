package dev.eddy.cli;

import static dev.eddy.cli.KeyTable.MANY;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import dev.eddy.cli.Ranges.OneOf;
import dev.eddy.cli.Ranges.Real;
import dev.eddy.cli.Ranges.Whole;
import dev.eddy.cli.Ranges.Widths;
import java.util.List;

/** The keys of the models and of how they learn. */
final class ModelKeys {

    private ModelKeys() {}

    static void learning(KeyTable keys, Preset preset) {
        keys.group("Learning");
        keys.key(
                "preset",
                STRING,
                Preset.DEFAULT.key(),
                new OneOf(List.of(Preset.DEFAULT.key(), Preset.CLASSIC.key())),
                "Defaults of the other keys: default is the recipe that learns best in one pass, classic the textbook's.");
        keys.key(
                "batch.size",
                INT,
                preset.choose(64, 128),
                new Whole(2, 4096),
                "Images in a micro-batch, and in an update of the GAN.");
        keys.key(
                "seed",
                LONG,
                42L,
                new Whole(Long.MIN_VALUE, Long.MAX_VALUE),
                "All randomness; it alone decides the weights.");
        keys.key("train", BOOLEAN, true, null, "Whether the models learn; false only scores with them as they stand.");
        keys.key(
                "train.max.discarded.updates",
                INT,
                10,
                new Whole(1, MANY),
                "Updates in a row with a loss or gradient that is not finite, after which training stops.");
    }

    static void vae(KeyTable keys, Preset preset) {
        keys.group("VAE");
        keys.key("vae.train", BOOLEAN, true, null, "Whether the VAE learns, if train is true.");
        keys.key(
                "vae.encoder",
                LIST,
                "256,128",
                new Widths(),
                "Widths of the encoder's hidden layers, from the image inward.");
        keys.key("vae.latent", INT, preset.choose(16, 32), new Whole(1, 4096), "Dimensions of the latent space.");
        keys.key(
                "vae.decoder",
                LIST,
                preset.choose("128,256", "128"),
                new Widths(),
                "Widths of the decoder's hidden layers, from the latent space outward.");
        keys.key(
                "vae.batch.size",
                INT,
                preset.choose(32, 128),
                new Whole(1, 4096),
                "Images in an update of the VAE; divides batch.size. The default gives way to the largest divisor of"
                        + " batch.size that does not exceed it.");
        keys.key("vae.learning.rate", DOUBLE, preset.choose(2e-3, 1e-3), Real.above(0, 1), "Step size of Adam.");
        keys.key(
                "vae.kl.warmup.steps",
                INT,
                preset.choose(500, 0),
                new Whole(0, MANY),
                "Updates over which the weight of the KL term rises from 0 to 1.");
        keys.key(
                "vae.ema.decay",
                DOUBLE,
                preset.choose(0.999, 0.0),
                Real.below(0, 1),
                "Highest decay of the moving average of the weights that scores; 0 scores with the weights themselves.");
        keys.key(
                "vae.data.initialisation",
                BOOLEAN,
                preset.choose(true, false),
                null,
                "Whether initial weights are He's and the output bias comes from the first images, instead of Xavier and 0.");
        keys.key(
                "vae.replay.updates",
                INT,
                1,
                new Whole(1, 64),
                "Updates per batch in all: the first on fresh images, the others on a reservoir of earlier ones.");
        keys.key(
                "vae.replay.capacity",
                INT,
                10_000,
                new Whole(1, MANY),
                "Images in the reservoir; it exists when vae.replay.updates or gan.replay.updates is over 1.");
    }

    static void gan(KeyTable keys, Preset preset) {
        keys.group("GAN");
        keys.key("gan.train", BOOLEAN, true, null, "Whether the GAN learns, if train is true.");
        keys.key("gan.noise", INT, preset.choose(64, 100), new Whole(1, 4096), "Dimensions of the generator's input.");
        keys.key(
                "gan.generator",
                LIST,
                preset.choose("256,512", "256,512,1024"),
                new Widths(),
                "Widths of the generator's hidden layers, from the noise outward.");
        keys.key(
                "gan.discriminator",
                LIST,
                "512,256",
                new Widths(),
                "Widths of the discriminator's hidden layers, from the image inward.");
        keys.key(
                "gan.loss",
                STRING,
                preset.choose("relativistic", "non_saturating"),
                new OneOf(List.of("relativistic", "non_saturating")),
                "How generator and discriminator play.");
        keys.key(
                "gan.gamma",
                DOUBLE,
                0.5,
                Real.closed(0, 1000),
                "Weight of the gradient penalties of the relativistic loss.");
        keys.key("gan.learning.rate", DOUBLE, preset.choose(1e-3, 2e-4), Real.above(0, 1), "Step size of Adam.");
        keys.key("gan.beta1", DOUBLE, preset.choose(0.0, 0.5), Real.below(0, 1), "Adam's decay of the first moment.");
        keys.key(
                "gan.ema.decay",
                DOUBLE,
                preset.choose(0.999, 0.0),
                Real.below(0, 1),
                "Highest decay of the moving average of the generator's weights that samples; 0 samples with the weights.");
        keys.key("gan.leak", DOUBLE, 0.2, Real.below(0, 1), "Slope of the leaky ReLU below 0.");
        keys.key(
                "gan.data.initialisation",
                BOOLEAN,
                preset.choose(true, false),
                null,
                "Whether initial weights are He's, the generator's output bias comes from the first images and the"
                        + " discriminator sees [-1, 1], instead of Xavier, 0 and [0, 1].");
        keys.key(
                "gan.replay.updates",
                INT,
                1,
                new Whole(1, 64),
                "Updates per micro-batch in all: the first on fresh images, the others on the reservoir of earlier ones.");
    }

    static void oneModel(KeyTable keys) {
        keys.group("One model in many partitions");
        keys.key(
                "sync.every.steps",
                INT,
                0,
                new Whole(0, MANY),
                "Micro-batches of a partition between two contributions to the weights that all partitions share; 0 for a"
                        + " model of its own in each.");
        keys.key(
                "sync.outer.learning.rate",
                DOUBLE,
                0.7,
                Real.above(0, 10),
                "How far the shared weights move along the average contribution; 1 without momentum is averaging.");
        keys.key(
                "sync.outer.momentum",
                DOUBLE,
                0.9,
                Real.below(0, 1),
                "Nesterov momentum of the shared weights, from round to round.");
        keys.key(
                "sync.quorum",
                DOUBLE,
                1.0,
                Real.above(0, 1),
                "Share of the partitions that took part in the last round that completes the next one.");
        keys.key(
                "sync.timeout.ms",
                LONG,
                10_000L,
                new Whole(100, 3_600_000),
                "Longest time from a round's first contribution to its end, whoever is missing.");
    }
}
