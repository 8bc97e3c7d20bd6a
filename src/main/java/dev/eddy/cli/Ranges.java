package dev.eddy.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;

/** What a value may be. {@code toString} of each says it in words, for messages and for the table in the README. */
final class Ranges {

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final int MAX_LAYERS = 8;
    private static final int MAX_WIDTH = 16384;

    private Ranges() {}

    /** Whole numbers from {@code low} to {@code high}, both included. */
    record Whole(long low, long high) implements Validator {
        @Override
        public void ensureValid(String name, Object value) {
            long number = ((Number) value).longValue();
            if (number < low || number > high) {
                throw new ConfigException(name, value, "must be " + this);
            }
        }

        @Override
        public String toString() {
            if (low == Long.MIN_VALUE && high == Long.MAX_VALUE) {
                return "of 64 bits";
            }
            return low == high ? Long.toString(low) : low + " to " + high;
        }
    }

    /** Real numbers between two bounds, each of which may itself be excluded. Never NaN. */
    record Real(double low, boolean lowIncluded, double high, boolean highIncluded) implements Validator {
        static Real closed(double low, double high) {
            return new Real(low, true, high, true);
        }

        static Real open(double low, double high) {
            return new Real(low, false, high, false);
        }

        static Real above(double low, double high) {
            return new Real(low, false, high, true);
        }

        static Real below(double low, double high) {
            return new Real(low, true, high, false);
        }

        @Override
        public void ensureValid(String name, Object value) {
            double number = ((Number) value).doubleValue();
            boolean over = lowIncluded ? number >= low : number > low;
            boolean under = highIncluded ? number <= high : number < high;
            if (!over || !under) {
                throw new ConfigException(name, value, "must be " + this);
            }
        }

        @Override
        public String toString() {
            return (lowIncluded ? "" : "over ") + plain(low) + (highIncluded ? " to " : " to under ") + plain(high);
        }

        private static String plain(double number) {
            return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
        }
    }

    /** Widths of hidden layers. */
    record Widths() implements Validator {
        @Override
        public void ensureValid(String name, Object value) {
            List<?> items = (List<?>) value;
            if (items.isEmpty() || items.size() > MAX_LAYERS || !items.stream().allMatch(Widths::isWidth)) {
                throw new ConfigException(name, value, "must be " + this);
            }
        }

        private static boolean isWidth(Object item) {
            String digits = (String) item;
            if (!digits.matches("[0-9]{1,6}")) {
                return false;
            }
            int width = Integer.parseInt(digits);
            return width >= 1 && width <= MAX_WIDTH;
        }

        @Override
        public String toString() {
            return "1 to " + MAX_LAYERS + " widths of 1 to " + MAX_WIDTH + ", with commas";
        }
    }

    /** Names of topics. */
    record Topic() implements Validator {
        @Override
        public void ensureValid(String name, Object value) {
            if (!isName((String) value)) {
                throw new ConfigException(name, value, "must be " + this);
            }
        }

        static boolean isName(String text) {
            return TOPIC.matcher(text).matches() && !text.equals(".") && !text.equals("..");
        }

        @Override
        public String toString() {
            return "a topic's name (letters, digits, '.', '_', '-')";
        }
    }

    /** A topic that there need not be. */
    record OptionalTopic() implements Validator {
        @Override
        public void ensureValid(String name, Object value) {
            if (!((String) value).isBlank()) {
                new Topic().ensureValid(name, value);
            }
        }

        @Override
        public String toString() {
            return new Topic() + ", or nothing";
        }
    }

    /** {@code HOST:PORT}; port 0 stands for any free one. */
    record Address() implements Validator {
        @Override
        public void ensureValid(String name, Object value) {
            if (ListenAddress.parse((String) value) == null) {
                throw new ConfigException(name, value, "must be " + this);
            }
        }

        @Override
        public String toString() {
            return "HOST:PORT, port 0 to 65535";
        }
    }

    /** Names of headers, or none. */
    record Header() implements Validator {
        @Override
        public void ensureValid(String name, Object value) {
            if (((String) value).length() > 200) {
                throw new ConfigException(name, value, "must be " + this);
            }
        }

        @Override
        public String toString() {
            return "a header's name, or empty";
        }
    }

    /** {@code http://...} or {@code https://...}, or nothing. */
    record Url() implements Validator {
        @Override
        public void ensureValid(String name, Object value) {
            String url = (String) value;
            if (!url.isEmpty() && !isUrl(url)) {
                throw new ConfigException(name, value, "must be " + this);
            }
        }

        static boolean isUrl(String text) {
            try {
                URI uri = new URI(text);
                return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
            } catch (URISyntaxException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return "an http or https URL, or empty";
        }
    }

    /** One of a few words. */
    record OneOf(List<?> allowed) implements Validator {
        OneOf {
            allowed = List.copyOf(allowed);
        }

        @Override
        public void ensureValid(String name, Object value) {
            if (!allowed.contains(value)) {
                throw new ConfigException(name, value, "must be " + this);
            }
        }

        @Override
        public String toString() {
            List<String> words = allowed.stream().map(String::valueOf).toList();
            int last = words.size() - 1;
            return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
        }
    }
}
