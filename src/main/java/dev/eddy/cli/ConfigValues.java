package dev.eddy.cli;

import dev.eddy.registry.RegistryUrl;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/**
 * The values of all of Eddy's own keys, as given or by default, each of its type and in its range. Asking for a key that
 * there is not, or for another type than the key's, is an error of the program. Immutable.
 */
final class ConfigValues {

    private final Map<String, Object> values;

    /**
     * Checks every value by itself.
     *
     * @param given values of Eddy's keys, and of others, which are not looked at
     * @throws ConfigurationException at the first key whose value is not of its type or range
     */
    ConfigValues(Map<String, String> given) {
        ConfigKey presetKey = key(ConfigKeys.of(Preset.DEFAULT), "preset");
        Preset preset = Preset.of((String) valueOf(presetKey, given));
        Map<String, Object> all = new HashMap<>();
        for (ConfigKey key : ConfigKeys.of(preset).configKeys().values()) {
            all.put(key.name, valueOf(key, given));
        }
        this.values = all;
        if (!given.containsKey("vae.batch.size")) {
            all.put("vae.batch.size", largestDivisor(integer("batch.size"), integer("vae.batch.size")));
        }
    }

    private static ConfigKey key(ConfigDef table, String name) {
        ConfigKey key = table.configKeys().get(name);
        if (key == null) {
            throw new IllegalArgumentException("no key " + name);
        }
        return key;
    }

    private static Object valueOf(ConfigKey key, Map<String, String> given) {
        String text = given.get(key.name);
        if (text == null) {
            return key.defaultValue;
        }
        try {
            Object value = ConfigDef.parseType(key.name, text, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, value);
            }
            return value;
        } catch (ConfigException e) {
            String shown = key.validator instanceof Ranges.Url ? RegistryUrl.withoutUser(text) : text;
            throw new ConfigurationException(key.name + " = " + shown.strip() + ": must be " + ConfigTable.range(key));
        }
    }

    /** The largest divisor of {@code whole} that is at most {@code limit}. */
    private static int largestDivisor(int whole, int limit) {
        int divisor = Math.min(whole, limit);
        while (whole % divisor != 0) {
            divisor--;
        }
        return divisor;
    }

    /** The names of Eddy's own keys. */
    Set<String> keys() {
        return Set.copyOf(values.keySet());
    }

    String text(String key) {
        return (String) value(key);
    }

    int integer(String key) {
        return (Integer) value(key);
    }

    long number(String key) {
        return (Long) value(key);
    }

    boolean flag(String key) {
        return (Boolean) value(key);
    }

    double real(String key) {
        return (Double) value(key);
    }

    /** Of a key of type list. */
    List<Integer> widths(String key) {
        return ((List<?>) value(key))
                .stream().map(item -> Integer.valueOf((String) item)).toList();
    }

    private Object value(String key) {
        Object value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no key " + key);
        }
        return value;
    }
}
