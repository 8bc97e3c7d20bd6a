package dev.eddy.backtest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Named figures over several runs: mean and standard deviation of each, in the order in which they came. */
final class Spread {

    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    void add(String name, @Nullable Double value) {
        List<Double> values = figures.computeIfAbsent(name, unused -> new ArrayList<>());
        if (value != null && !value.isNaN()) {
            values.add(value);
        }
    }

    void addAll(Map<String, Double> more) {
        more.forEach(this::add);
    }

    List<String> names() {
        return List.copyOf(figures.keySet());
    }

    Map<String, Double> means() {
        Map<String, Double> means = new LinkedHashMap<>();
        figures.forEach((name, values) -> means.put(name, mean(values)));
        return means;
    }

    /** {@code mean +- deviation}; the mean alone of one run, a dash of none. */
    String cell(String name) {
        List<Double> values = figures.getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return "-";
        }
        double mean = mean(values);
        String pattern = Math.abs(mean) >= 100 ? "%.1f" : Math.abs(mean) >= 2 ? "%.2f" : "%.4f";
        String text = String.format(Locale.ROOT, pattern, mean);
        double squares =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return values.size() == 1
                ? text
                : text + " ± " + String.format(Locale.ROOT, pattern, Math.sqrt(squares / (values.size() - 1)));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }
}
