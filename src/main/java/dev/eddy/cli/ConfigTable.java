package dev.eddy.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/** The table of all keys as Markdown, for the README. */
final class ConfigTable {

    private ConfigTable() {}

    /** One section per group; the defaults of both presets where they differ. */
    static String markdown() {
        ConfigDef table = ConfigKeys.of(Preset.DEFAULT);
        Map<String, Object> classic = ConfigKeys.of(Preset.CLASSIC).defaultValues();
        StringBuilder text = new StringBuilder();
        for (String group : table.groups()) {
            text.append("\n**").append(group).append("**\n\n| key | default | range | meaning |\n|---|---|---|---|\n");
            table.configKeys().values().stream()
                    .filter(key -> key.group.equals(group))
                    .sorted(Comparator.comparingInt((ConfigKey key) -> key.orderInGroup))
                    .forEach(key -> text.append(row(key, classic.get(key.name))));
        }
        return text.toString();
    }

    private static String row(ConfigKey key, @Nullable Object classic) {
        String value = key.defaultValue.equals("") ? "none" : "`" + value(key.defaultValue) + "`";
        if (!key.defaultValue.equals(classic)) {
            value += ", classic `" + value(classic) + "`";
        }
        return "| `" + key.name + "` | " + value + " | " + range(key) + " | " + key.documentation + " |\n";
    }

    private static String value(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.joining(","))
                : String.valueOf(value);
    }

    /** What a value of the key may be, in words. */
    static String range(ConfigKey key) {
        return switch (key.type) {
            case BOOLEAN -> "true or false";
            case INT -> "a whole number, " + key.validator;
            case LONG -> "a whole number, " + key.validator;
            case DOUBLE -> "a number, " + key.validator;
            default -> String.valueOf(key.validator);
        };
    }
}
