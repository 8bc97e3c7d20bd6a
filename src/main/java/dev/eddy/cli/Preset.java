package dev.eddy.cli;

import java.util.Locale;

/** A set of defaults for the models; every key that is set explicitly goes before it. */
enum Preset {
    /** The recipe that learns best in one pass over a stream. */
    DEFAULT,
    /** The shapes, losses and rates of the textbooks, for teaching and comparison. */
    CLASSIC;

    /** The value of the key {@code preset} that chooses this. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Preset of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /** The value that belongs to this preset. */
    <T> T choose(T inDefault, T inClassic) {
        return this == DEFAULT ? inDefault : inClassic;
    }
}
