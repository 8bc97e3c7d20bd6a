package dev.eddy.snapshot;

import dev.eddy.learn.LearnerConfig;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * All that the fold is a function of besides the log, as text: {@code key=value} lines in the order of the keys, which
 * are those of the configuration file ({@code vae.learning.rate=0.002}). Taken from the components of
 * {@link LearnerConfig} and the records in it, so that none can be forgotten.
 */
public record Fingerprint(Map<String, String> values) {

    /**
     * A key whose value is not the stored one.
     *
     * @param key as in the configuration file
     * @param stored the snapshot's value
     * @param configured the present value
     */
    public record Difference(String key, String stored, String configured) {

        @Override
        public String toString() {
            return key + " " + stored + " -> " + configured;
        }
    }

    public Fingerprint {
        values = Map.copyOf(values);
    }

    /** The fingerprint of a configuration. */
    public static Fingerprint of(LearnerConfig config) {
        Map<String, String> values = new TreeMap<>();
        collect("", config, values);
        return new Fingerprint(values);
    }

    /** Reads what {@link #text} wrote. */
    public static Fingerprint parse(String text) {
        Map<String, String> values = new TreeMap<>();
        text.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return new Fingerprint(values);
    }

    /** One line per key. */
    public String text() {
        return new TreeMap<>(values)
                .entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining("\n"));
    }

    /**
     * The keys whose values differ, in order. A key that one side does not have came or went with a release and does
     * not differ: a release that adds one gives it a default that does what was done before.
     */
    List<Difference> differences(Fingerprint configured) {
        List<Difference> differences = new ArrayList<>();
        new TreeMap<>(values).forEach((key, stored) -> {
            String now = configured.values.get(key);
            if (now != null && !now.equals(stored)) {
                differences.add(new Difference(key, stored, now));
            }
        });
        return differences;
    }

    /**
     * Whether a snapshot cannot be continued from under the other value, even where all arrays keep their lengths: the
     * seed, the geometry, the widths of the networks, the windows. Rates and thresholds can change.
     */
    static boolean decidesShape(Difference difference) {
        return difference.key().equals("seed") || decidesModel(difference);
    }

    /** Whether a model has other arrays under the other value. */
    static boolean decidesModel(Difference difference) {
        return switch (difference.key()) {
            case "vae.encoder",
                    "vae.latent",
                    "vae.decoder",
                    "gan.noise",
                    "gan.generator",
                    "gan.discriminator",
                    "anomaly.window",
                    "anomaly.reference.window" -> true;
            // 0 is a model without moving average.
            case "vae.ema.decay", "gan.ema.decay" ->
                difference.stored().equals("0.0") || difference.configured().equals("0.0");
            default -> difference.key().startsWith("image.");
        };
    }

    private static void collect(String prefix, Record values, Map<String, String> into) {
        for (RecordComponent component : values.getClass().getRecordComponents()) {
            Object value = value(component, values);
            String name = prefix + (component.getName().equals("geometry") ? "image" : dotted(component.getName()));
            if (value instanceof Record nested) {
                collect(name + ".", nested, into);
            } else {
                into.put(name, text(value));
            }
        }
    }

    private static @Nullable Object value(RecordComponent component, Record values) {
        try {
            return component.getAccessor().invoke(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static String dotted(String camelCase) {
        return camelCase.replaceAll("([A-Z])", ".$1").toLowerCase(Locale.ROOT);
    }

    private static String text(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT);
        }
        return Objects.toString(value);
    }
}
