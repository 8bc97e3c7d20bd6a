package dev.eddy.stream;

import dev.eddy.image.Geometry;
import dev.eddy.image.ImageFormat;
import dev.eddy.snapshot.ByteStore;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * In which format each record of a partition came, so that a replay decodes it as it was decoded then, whatever is
 * configured now: a record that was an image is one again, and a dead letter stays one. Kept in the learner's store under
 * {@code formats} as UTF-8 lines {@code OFFSET FORMAT}, ascending, each for the records from its offset on; written
 * before anything of the first such record is. A store without it is of an older release: what it holds is taken to be
 * of the present format. Used by one thread at a time.
 */
final class Formats {

    private static final Logger LOG = LoggerFactory.getLogger(Formats.class);
    private static final String KEY = "formats";

    private final String name;
    private final ByteStore store;
    private final RecordDecoder configured;
    private final Geometry geometry;
    private final NavigableMap<Long, String> since;
    private final Map<String, RecordDecoder> decoders = new HashMap<>();

    /** Goes on from what the store says. */
    Formats(String name, ByteStore store, RecordDecoder configured, Geometry geometry) {
        this.name = name;
        this.store = store;
        this.configured = configured;
        this.geometry = geometry;
        this.since = read(store);
        decoders.put(configured.format(), configured);
    }

    /** Records from {@code place} on come as configured, whatever was said of them before. */
    void comeFrom(long place) {
        NavigableMap<Long, String> before = new TreeMap<>(since);
        since.tailMap(place, true).clear();
        if (since.isEmpty()) {
            since.put(0L, configured.format());
        } else if (!since.lastEntry().getValue().equals(configured.format())) {
            LOG.info(
                    "{}: records before {} came as {}, and are read again as that; now {} is configured",
                    name,
                    place,
                    since.lastEntry().getValue(),
                    configured.format());
            since.put(place, configured.format());
        }
        if (!since.equals(before)) {
            save();
        }
    }

    /** The source began anew: what came is no more. */
    void comeAnew() {
        comeFrom(0);
    }

    /**
     * Makes sure that a part of the source can be read again.
     *
     * @param from its first record
     * @param end the first record behind it
     * @throws InvalidConfigurationException if records came in a format that cannot be decoded under this configuration
     */
    void check(long from, long end) {
        Long first = since.floorKey(from);
        if (first == null || from >= end) {
            return;
        }
        for (String format : since.subMap(first, end).values()) {
            try {
                decoder(format);
            } catch (IllegalArgumentException e) {
                throw new InvalidConfigurationException(
                        name + ": of the records " + from + " to " + (end - 1)
                                + ", which have to be read again, some came"
                                + " as " + format + ", which cannot be decoded as configured: restore the former"
                                + " image.format and schema.registry.url, or start anew with --reset (forgets what was"
                                + " learned)",
                        e);
            }
        }
    }

    /** What decodes the record at an offset. */
    RecordDecoder at(long offset) {
        Map.Entry<Long, String> entry = since.floorEntry(offset);
        return entry == null ? configured : decoder(entry.getValue());
    }

    private RecordDecoder decoder(String format) {
        return decoders.computeIfAbsent(format, other -> RecordDecoder.of(ImageFormat.named(other), geometry));
    }

    private static NavigableMap<Long, String> read(ByteStore store) {
        NavigableMap<Long, String> since = new TreeMap<>();
        byte[] bytes = store.get(KEY);
        if (bytes != null) {
            new String(bytes, StandardCharsets.UTF_8).lines().forEach(line -> {
                int space = line.indexOf(' ');
                since.put(Long.parseLong(line.substring(0, space)), line.substring(space + 1));
            });
        }
        return since;
    }

    private void save() {
        store.put(
                KEY,
                since.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining("\n"))
                        .getBytes(StandardCharsets.UTF_8));
    }
}
