package dev.eddy.cli;

import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LIST;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import dev.eddy.cli.Ranges.Address;
import dev.eddy.cli.Ranges.Header;
import dev.eddy.cli.Ranges.OneOf;
import dev.eddy.cli.Ranges.OptionalTopic;
import dev.eddy.cli.Ranges.Real;
import dev.eddy.cli.Ranges.Topic;
import dev.eddy.cli.Ranges.Url;
import dev.eddy.cli.Ranges.Whole;
import dev.eddy.cli.Ranges.Widths;
import dev.eddy.image.ImageFormat;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** The one table of Eddy's own keys: type, default, range, documentation, group. */
final class ConfigKeys {

    private static final int MANY = 1_000_000;

    private final ConfigDef table = new ConfigDef();
    private final Preset preset;
    private String group = "";
    private int order;

    private ConfigKeys(Preset preset) {
        this.preset = preset;
    }

    /** The table with the defaults of one preset. */
    static ConfigDef of(Preset preset) {
        ConfigKeys keys = new ConfigKeys(preset);
        keys.topics();
        keys.images();
        keys.learning();
        keys.vae();
        keys.gan();
        keys.anomaly();
        keys.oneModel();
        keys.running();
        return keys.table;
    }

    private void topics() {
        group = "Topics";
        key("input.topic", STRING, "images", new Topic(), "Topic that images are read from.");
        key("scores.topic", STRING, "scores", new Topic(), "Topic of the scores, one per valid image, as JSON.");
        key(
                "anomalies.topic",
                STRING,
                "anomalies",
                new Topic(),
                "Topic of the flagged images with their reconstruction and error map.");
        key("samples.topic", STRING, "samples", new Topic(), "Topic of the images that both models generate.");
        key(
                "models.topic",
                STRING,
                "models",
                new OptionalTopic(),
                "Topic of the weights at every snapshot, for scorers, export and warm starts; nothing for none.");
        key(
                "dead.letter.topic",
                STRING,
                "dead-letters",
                new Topic(),
                "Topic of the records that are no image of the configured format and geometry, untouched.");
        key(
                "topics.create",
                BOOLEAN,
                true,
                null,
                "Whether topics that are missing are created, with the right settings.");
        key(
                "topics.partitions",
                INT,
                1,
                new Whole(1, 10_000),
                "Partitions of the input topic if Eddy creates it. Each partition learns its own model.");
    }

    private void images() {
        group = "Images";
        key("image.width", INT, 28, new Whole(1, 4096), "Pixels in a row.");
        key("image.height", INT, 28, new Whole(1, 4096), "Rows of an image.");
        key("image.channels", INT, 1, new OneOf(List.of(1, 3)), "Values of a pixel: 1 is grey, 3 is red, green, blue.");
        key(
                "image.format",
                STRING,
                ImageFormat.RAW.toString(),
                new OneOf(Arrays.stream(ImageFormat.values())
                        .map(ImageFormat::toString)
                        .toList()),
                "Format of a record's value: raw is height * width * channels bytes, row by row; png and jpeg are"
                        + " resized and made grey as need be; auto tells raw, png, jpeg and json apart by content.");
        key(
                "schema.registry.url",
                STRING,
                "",
                new Url(),
                "Apicurio registry with the schemas of the records, for image.format=avro; without it they are in"
                        + " single-object encoding. Keys that begin with apicurio. are for its client.");
        key(
                "label.header",
                STRING,
                "eddy-label",
                new Header(),
                "Header of a record that may carry a label. Scores are counted by it, in /metrics and on the page; no"
                        + " model sees it. Empty for none.");
    }

    private void learning() {
        group = "Learning";
        key(
                "preset",
                STRING,
                Preset.DEFAULT.key(),
                new OneOf(List.of(Preset.DEFAULT.key(), Preset.CLASSIC.key())),
                "Defaults of the other keys: default is the recipe that learns best in one pass, classic the textbook's.");
        key(
                "batch.size",
                INT,
                preset.choose(64, 128),
                new Whole(2, 4096),
                "Images in a micro-batch. The GAN takes one update per micro-batch.");
        key(
                "seed",
                LONG,
                42L,
                new Whole(Long.MIN_VALUE, Long.MAX_VALUE),
                "All randomness; it alone decides the weights.");
        key("train", BOOLEAN, true, null, "Whether the models learn; false only scores with them as they stand.");
        key(
                "train.max.discarded.updates",
                INT,
                10,
                new Whole(1, MANY),
                "Updates in a row with a loss or gradient that is not finite, after which training stops.");
    }

    private void oneModel() {
        group = "One model in many partitions";
        key(
                "sync.every.steps",
                INT,
                0,
                new Whole(0, MANY),
                "Micro-batches of a partition between two contributions to the weights that all partitions share; 0 for a"
                        + " model of its own in each.");
        key(
                "sync.outer.learning.rate",
                DOUBLE,
                0.7,
                Real.above(0, 10),
                "How far the shared weights move along the average contribution; 1 without momentum is averaging.");
        key(
                "sync.outer.momentum",
                DOUBLE,
                0.9,
                Real.below(0, 1),
                "Nesterov momentum of the shared weights, from round to round.");
        key(
                "sync.quorum",
                DOUBLE,
                1.0,
                Real.above(0, 1),
                "Share of the partitions that took part in the last round that completes the next one.");
        key(
                "sync.timeout.ms",
                LONG,
                10_000L,
                new Whole(100, 3_600_000),
                "Longest time from a round's first contribution to its end, whoever is missing.");
    }

    private void vae() {
        group = "VAE";
        key("vae.train", BOOLEAN, true, null, "Whether the VAE learns, if train is true.");
        key(
                "vae.encoder",
                LIST,
                "256,128",
                new Widths(),
                "Widths of the encoder's hidden layers, from the image inward.");
        key("vae.latent", INT, preset.choose(16, 32), new Whole(1, 4096), "Dimensions of the latent space.");
        key(
                "vae.decoder",
                LIST,
                preset.choose("128,256", "128"),
                new Widths(),
                "Widths of the decoder's hidden layers, from the latent space outward.");
        key(
                "vae.batch.size",
                INT,
                preset.choose(32, 128),
                new Whole(1, 4096),
                "Images in an update of the VAE; divides batch.size. The default gives way to the largest divisor of"
                        + " batch.size that does not exceed it.");
        key("vae.learning.rate", DOUBLE, preset.choose(2e-3, 1e-3), Real.above(0, 1), "Step size of Adam.");
        key(
                "vae.kl.warmup.steps",
                INT,
                preset.choose(500, 0),
                new Whole(0, MANY),
                "Updates over which the weight of the KL term rises from 0 to 1.");
        key(
                "vae.ema.decay",
                DOUBLE,
                preset.choose(0.999, 0.0),
                Real.below(0, 1),
                "Highest decay of the moving average of the weights that scores; 0 scores with the weights themselves.");
        key(
                "vae.data.initialisation",
                BOOLEAN,
                preset.choose(true, false),
                null,
                "Whether initial weights are He's and the output bias comes from the first images, instead of Xavier and 0.");
        key(
                "vae.replay.updates",
                INT,
                1,
                new Whole(1, 64),
                "Updates per batch in all: the first on fresh images, the others on a reservoir of earlier ones.");
        key(
                "vae.replay.capacity",
                INT,
                10_000,
                new Whole(1, MANY),
                "Images in the reservoir; it exists when vae.replay.updates is over 1.");
    }

    private void gan() {
        group = "GAN";
        key("gan.train", BOOLEAN, true, null, "Whether the GAN learns, if train is true.");
        key("gan.noise", INT, preset.choose(64, 100), new Whole(1, 4096), "Dimensions of the generator's input.");
        key(
                "gan.generator",
                LIST,
                preset.choose("256,512", "256,512,1024"),
                new Widths(),
                "Widths of the generator's hidden layers, from the noise outward.");
        key(
                "gan.discriminator",
                LIST,
                "512,256",
                new Widths(),
                "Widths of the discriminator's hidden layers, from the image inward.");
        key(
                "gan.loss",
                STRING,
                preset.choose("relativistic", "non_saturating"),
                new OneOf(List.of("relativistic", "non_saturating")),
                "How generator and discriminator play.");
        key(
                "gan.gamma",
                DOUBLE,
                0.5,
                Real.closed(0, 1000),
                "Weight of the gradient penalties of the relativistic loss.");
        key("gan.learning.rate", DOUBLE, preset.choose(1e-3, 2e-4), Real.above(0, 1), "Step size of Adam.");
        key("gan.beta1", DOUBLE, preset.choose(0.0, 0.5), Real.below(0, 1), "Adam's decay of the first moment.");
        key(
                "gan.ema.decay",
                DOUBLE,
                preset.choose(0.999, 0.0),
                Real.below(0, 1),
                "Highest decay of the moving average of the generator's weights that samples; 0 samples with the weights.");
        key("gan.leak", DOUBLE, 0.2, Real.below(0, 1), "Slope of the leaky ReLU below 0.");
        key(
                "gan.data.initialisation",
                BOOLEAN,
                preset.choose(true, false),
                null,
                "Whether initial weights are He's, the generator's output bias comes from the first images and the"
                        + " discriminator sees [-1, 1], instead of Xavier, 0 and [0, 1].");
    }

    private void anomaly() {
        group = "Anomalies";
        key(
                "anomaly.alpha",
                DOUBLE,
                0.01,
                Real.open(0, 1),
                "An image is an anomaly when its p-value is at most this: the share of ordinary images that are flagged.");
        key("anomaly.window", INT, 1000, new Whole(10, MANY), "Recent scores that the p-value ranks an image among.");
        key(
                "anomaly.reference.window",
                INT,
                2048,
                new Whole(16, MANY),
                "Recent normal images that the score's covariance and scale are estimated over.");
        key("anomaly.refresh.steps", INT, 16, new Whole(1, MANY), "Micro-batches between two such estimations.");
        key("anomaly.shrinkage", DOUBLE, 0.05, Real.above(0, 1), "Weight of the scaled identity in the covariance.");
        key(
                "anomaly.robust",
                BOOLEAN,
                preset.choose(true, false),
                null,
                "Whether outliers weigh less in the covariance, so that anomalies do not mask themselves.");
        key(
                "anomaly.neighbours",
                INT,
                preset.choose(5, 0),
                new Whole(0, 1000),
                "Nearest recent normal images whose distance in the latent space counts in the score; 0 for none.");
        key(
                "anomaly.gate",
                BOOLEAN,
                preset.choose(true, false),
                null,
                "Whether the models skip the strangest images when they train.");
        key(
                "anomaly.gate.quantile",
                DOUBLE,
                0.9,
                Real.above(0, 1),
                "Quantile of recent gate scores over which an image is skipped, if it is strange at all.");
        key(
                "anomaly.drift.run.length",
                DOUBLE,
                1e6,
                Real.above(1, 1e15),
                "Images between two false alarms on drift, on average at least.");
    }

    private void running() {
        group = "Running";
        key(
                "score.linger.ms",
                LONG,
                100L,
                new Whole(1, 60_000),
                "Longest wait of an image for its micro-batch before it is scored, in milliseconds.");
        key(
                "snapshot.every.steps",
                INT,
                500,
                new Whole(1, MANY),
                "Micro-batches between two snapshots of the learner.");
        key("samples.every.steps", INT, 25, new Whole(1, MANY), "Micro-batches between two publications of samples.");
        key(
                "http.listen",
                STRING,
                "127.0.0.1:8080",
                new Address(),
                "Where the page, /metrics and /health are served; port 0 picks a free one.");
    }

    @SuppressWarnings("NullAway") // ConfigDef takes null for "anything of the type"
    private void key(
            String name, ConfigDef.Type type, Object defaultValue, @Nullable Validator range, String documentation) {
        table.define(
                name, type, defaultValue, range, Importance.MEDIUM, documentation, group, order++, Width.NONE, name);
    }
}
