package dev.eddy.snapshot;

import dev.eddy.nn.StateVisitor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The names, types and lengths of a state's arrays, in the order of the walk. */
record Layout(List<Entry> entries) {

    /** One array; {@code type} is 'f', 'd', 'l' or 'b' for float, double, long and byte. */
    record Entry(String name, char type, int length) {

        int elementBytes() {
            return switch (type) {
                case 'f' -> Float.BYTES;
                case 'd' -> Double.BYTES;
                case 'l' -> Long.BYTES;
                case 'b' -> Byte.BYTES;
                default -> throw new IllegalStateException("array type " + type);
            };
        }

        @Override
        public String toString() {
            return name + ": " + length + " of type " + type;
        }
    }

    Layout {
        entries = List.copyOf(entries);
    }

    /** The layout of a state as it stands; reads no element. */
    static Layout of(Consumer<StateVisitor> state) {
        List<Entry> entries = new ArrayList<>();
        state.accept(new StateVisitor() {
            @Override
            public void floats(String name, float[] values) {
                entries.add(new Entry(name, 'f', values.length));
            }

            @Override
            public void doubles(String name, double[] values) {
                entries.add(new Entry(name, 'd', values.length));
            }

            @Override
            public void longs(String name, long[] values) {
                entries.add(new Entry(name, 'l', values.length));
            }

            @Override
            public void bytes(String name, byte[] values) {
                entries.add(new Entry(name, 'b', values.length));
            }
        });
        return new Layout(entries);
    }

    /** The size of all arrays, in bytes. */
    long bytes() {
        return entries.stream()
                .mapToLong(entry -> (long) entry.length() * entry.elementBytes())
                .sum();
    }

    /** The first array in which the other layout differs, in words; empty if none does. */
    String difference(Layout other) {
        int common = Math.min(entries.size(), other.entries.size());
        for (int i = 0; i < common; i++) {
            if (!entries.get(i).equals(other.entries.get(i))) {
                return "array " + entries.get(i) + ", configured " + other.entries.get(i);
            }
        }
        return entries.size() == other.entries.size()
                ? ""
                : entries.size() + " arrays, configured " + other.entries.size();
    }
}
