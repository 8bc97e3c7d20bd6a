package dev.eddy.cli;

import static dev.eddy.cli.KeyTable.MANY;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import dev.eddy.cli.Ranges.Address;
import dev.eddy.cli.Ranges.Header;
import dev.eddy.cli.Ranges.OneOf;
import dev.eddy.cli.Ranges.OptionalTopic;
import dev.eddy.cli.Ranges.Topic;
import dev.eddy.cli.Ranges.Url;
import dev.eddy.cli.Ranges.Whole;
import dev.eddy.image.ImageFormat;
import java.util.Arrays;
import java.util.List;

/** The keys of what surrounds the models: topics, images, pace, the page. */
final class StreamKeys {

    private StreamKeys() {}

    static void topics(KeyTable keys) {
        keys.group("Topics");
        keys.key("input.topic", STRING, "images", new Topic(), "Topic that images are read from.");
        keys.key("scores.topic", STRING, "scores", new Topic(), "Topic of the scores, one per valid image, as JSON.");
        keys.key(
                "anomalies.topic",
                STRING,
                "anomalies",
                new Topic(),
                "Topic of the flagged images with their reconstruction and error map.");
        keys.key("samples.topic", STRING, "samples", new Topic(), "Topic of the images that both models generate.");
        keys.key(
                "models.topic",
                STRING,
                "models",
                new OptionalTopic(),
                "Topic of the weights at every snapshot, for scorers, export and warm starts; nothing for none.");
        keys.key(
                "dead.letter.topic",
                STRING,
                "dead-letters",
                new Topic(),
                "Topic of the records that are no image of the configured format and geometry, untouched.");
        keys.key(
                "topics.create",
                BOOLEAN,
                true,
                null,
                "Whether topics that are missing are created, with the right settings.");
        keys.key(
                "topics.partitions",
                INT,
                1,
                new Whole(1, 10_000),
                "Partitions of the input topic if Eddy creates it. Each partition learns its own model.");
    }

    static void images(KeyTable keys) {
        keys.group("Images");
        keys.key("image.width", INT, 28, new Whole(1, 4096), "Pixels in a row.");
        keys.key("image.height", INT, 28, new Whole(1, 4096), "Rows of an image.");
        keys.key(
                "image.channels",
                INT,
                1,
                new OneOf(List.of(1, 3)),
                "Values of a pixel: 1 is grey, 3 is red, green, blue.");
        keys.key(
                "image.format",
                STRING,
                ImageFormat.RAW.toString(),
                new OneOf(Arrays.stream(ImageFormat.values())
                        .map(ImageFormat::toString)
                        .toList()),
                "Format of a record's value: raw is height * width * channels bytes, row by row; png and jpeg are"
                        + " resized and made grey as need be; auto tells raw, png, jpeg and json apart by content.");
        keys.key(
                "schema.registry.url",
                STRING,
                "",
                new Url(),
                "Apicurio registry with the schemas of the records, for image.format=avro; without it they are in"
                        + " single-object encoding. Keys that begin with apicurio. are for its client.");
        keys.key(
                "label.header",
                STRING,
                "eddy-label",
                new Header(),
                "Header of a record that may carry a label. Scores are counted by it, in /metrics and on the page; no"
                        + " model sees it. Empty for none.");
    }

    static void running(KeyTable keys) {
        keys.group("Running");
        keys.key(
                "score.linger.ms",
                LONG,
                100L,
                new Whole(1, 60_000),
                "Longest wait of an image for its micro-batch before it is scored, in milliseconds.");
        keys.key(
                "snapshot.every.steps",
                INT,
                500,
                new Whole(1, MANY),
                "Micro-batches between two snapshots of the learner.");
        keys.key(
                "samples.every.steps",
                INT,
                25,
                new Whole(1, MANY),
                "Micro-batches between two publications of samples.");
        keys.key(
                "http.listen",
                STRING,
                "127.0.0.1:8080",
                new Address(),
                "Where the page, /metrics and /health are served; port 0 picks a free one.");
    }
}
