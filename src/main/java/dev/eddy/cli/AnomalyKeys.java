package dev.eddy.cli;

import static dev.eddy.cli.KeyTable.MANY;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.DOUBLE;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;

import dev.eddy.cli.Ranges.Real;
import dev.eddy.cli.Ranges.Whole;

/** The keys of scores, the threshold, the gate and the alarm on drift. */
final class AnomalyKeys {

    private AnomalyKeys() {}

    static void anomalies(KeyTable keys, Preset preset) {
        keys.group("Anomalies");
        keys.key(
                "anomaly.alpha",
                DOUBLE,
                0.01,
                Real.open(0, 1),
                "An image is an anomaly when its p-value is at most this: the share of ordinary images that are flagged.");
        keys.key(
                "anomaly.window",
                INT,
                1000,
                new Whole(10, MANY),
                "Recent scores that the p-value ranks an image among.");
        keys.key(
                "anomaly.reference.window",
                INT,
                2048,
                new Whole(16, MANY),
                "Recent normal images that the score's covariance and scale are estimated over.");
        keys.key("anomaly.refresh.steps", INT, 16, new Whole(1, MANY), "Micro-batches between two such estimations.");
        keys.key(
                "anomaly.shrinkage",
                DOUBLE,
                0.05,
                Real.above(0, 1),
                "Weight of the scaled identity in the covariance.");
        keys.key(
                "anomaly.robust",
                BOOLEAN,
                preset.choose(true, false),
                null,
                "Whether outliers weigh less in the covariance, so that anomalies do not mask themselves.");
        keys.key(
                "anomaly.neighbours",
                INT,
                preset.choose(5, 0),
                new Whole(0, 1000),
                "Nearest recent normal images whose distance in the latent space counts in the score, at most "
                        + "`anomaly.reference.window`; 0 for none.");
        keys.key(
                "anomaly.gate",
                BOOLEAN,
                preset.choose(true, false),
                null,
                "Whether the models skip the strangest images when they train.");
        keys.key(
                "anomaly.gate.quantile",
                DOUBLE,
                0.9,
                Real.above(0, 1),
                "Quantile of recent gate scores over which an image is skipped, if it is strange at all.");
        keys.key(
                "anomaly.drift.run.length",
                DOUBLE,
                1e6,
                Real.above(1, 1e15),
                "Images between two false alarms on drift, on average at least.");
    }
}
