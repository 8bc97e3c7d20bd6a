package dev.eddy.cli;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/** Kafka's table of keys in the making: group by group, each in the order in which it is to be read. */
final class KeyTable {

    /** The upper end of ranges that have none by nature. */
    static final int MANY = 1_000_000;

    private final ConfigDef table = new ConfigDef();
    private String group = "";
    private int order;

    /** Begins a group: the keys that follow are of it. */
    void group(String name) {
        group = name;
    }

    /** @param range of the values, null for anything of the type */
    @SuppressWarnings("NullAway") // ConfigDef takes null for "anything of the type"
    void key(String name, ConfigDef.Type type, Object defaultValue, @Nullable Validator range, String documentation) {
        table.define(
                name, type, defaultValue, range, Importance.MEDIUM, documentation, group, order++, Width.NONE, name);
    }

    ConfigDef table() {
        return table;
    }
}
