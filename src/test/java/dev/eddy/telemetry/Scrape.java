package dev.eddy.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus' text format, parsed strictly: a line that is none of the format's throws.
 *
 * @param values by series as printed, {@code name{label="value",...}}
 * @param help by family
 * @param types by family
 */
record Scrape(Map<String, Double> values, Map<String, String> help, Map<String, String> types) {

    private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
    private static final String LABEL = "[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\"";
    private static final Pattern SAMPLE =
            Pattern.compile("(" + NAME + "(?:\\{" + LABEL + "(?:," + LABEL + ")*,?\\})?) (\\S+)(?: \\d+)?");
    private static final Pattern COMMENT = Pattern.compile("# (HELP|TYPE) (" + NAME + ") (.*)");

    static Scrape of(Telemetry telemetry) {
        return parse(telemetry.scrape());
    }

    static Scrape parse(String text) {
        Scrape scrape = new Scrape(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        for (String line : text.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (comment.matches()) {
                (comment.group(1).equals("HELP") ? scrape.help : scrape.types).put(comment.group(2), comment.group(3));
            } else if (sample.matches()) {
                String value = sample.group(2).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
                Double before = scrape.values.put(sample.group(1), Double.parseDouble(value));
                if (before != null) {
                    throw new IllegalArgumentException("twice: " + line);
                }
            } else {
                throw new IllegalArgumentException("not Prometheus' text format: " + line);
            }
        }
        return scrape;
    }

    double value(String series) {
        Double value = values.get(series);
        if (value == null) {
            throw new IllegalArgumentException(series + " is not among " + values.keySet());
        }
        return value;
    }

    Set<String> families() {
        return types.keySet();
    }
}
