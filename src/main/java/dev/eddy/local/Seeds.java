package dev.eddy.local;

import java.util.Random;

/** Random generators that are a function of what they are for, so that no state hides between two uses. */
final class Seeds {

    private Seeds() {}

    /**
     * A generator for one purpose at one index under one seed. {@link Random}'s algorithm is part of its contract, so
     * the numbers are the same on every JDK.
     */
    static Random random(long seed, long index, Enum<?> purpose) {
        return new Random(mix(mix(mix(seed) + index) + purpose.name().hashCode()));
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014). */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
