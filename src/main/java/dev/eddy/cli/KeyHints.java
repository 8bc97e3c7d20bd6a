package dev.eddy.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Finds keys that are neither Eddy's nor Kafka's but look as if they should be Eddy's. */
final class KeyHints {

    private static final int MAX_EDITS = 2;
    private static final List<String> OUR_PREFIXES = List.of("vae.", "gan.", "anomaly.", "image.");

    private KeyHints() {}

    /** One line for each key of {@code given} that is probably a typing error; empty if there is none. */
    static List<String> warnings(Set<String> given) {
        Set<String> ours = ConfigKeys.of(Preset.DEFAULT).names();
        Set<String> known = new TreeSet<>(ours);
        known.addAll(StreamsConfig.configDef().names());
        known.addAll(ConsumerConfig.configNames());
        known.addAll(ProducerConfig.configNames());
        known.addAll(AdminClientConfig.configNames());
        return new TreeSet<>(given)
                .stream()
                        .filter(key -> !known.contains(key))
                        .flatMap(key -> warning(key, ours).stream())
                        .toList();
    }

    private static Optional<String> warning(String key, Set<String> ours) {
        Optional<String> near = nearest(key, ours)
                .filter(candidate -> distance(key, candidate) <= Math.min(MAX_EDITS, key.length() / 3));
        if (near.isPresent()) {
            return Optional.of(key + " is no key of Eddy or Kafka and is ignored; did you mean " + near.get() + "?");
        }
        return OUR_PREFIXES.stream().anyMatch(key::startsWith)
                ? Optional.of(key + " is no key of Eddy and is ignored; the README lists them")
                : Optional.empty();
    }

    private static Optional<String> nearest(String key, Set<String> ours) {
        return ours.stream().min(Comparator.comparingInt(candidate -> distance(key, candidate)));
    }

    /** Levenshtein's distance: insertions, deletions and replacements of one character each. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
