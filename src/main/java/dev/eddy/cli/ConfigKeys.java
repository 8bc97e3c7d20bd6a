package dev.eddy.cli;

import org.apache.kafka.common.config.ConfigDef;

/** The one table of Eddy's own keys: type, default, range, documentation, group. */
final class ConfigKeys {

    private ConfigKeys() {}

    /** The table with the defaults of one preset. */
    static ConfigDef of(Preset preset) {
        KeyTable keys = new KeyTable();
        StreamKeys.topics(keys);
        StreamKeys.images(keys);
        ModelKeys.learning(keys, preset);
        ModelKeys.vae(keys, preset);
        ModelKeys.gan(keys, preset);
        AnomalyKeys.anomalies(keys, preset);
        ModelKeys.oneModel(keys);
        StreamKeys.running(keys);
        return keys.table();
    }
}
