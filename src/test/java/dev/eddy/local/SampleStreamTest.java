package dev.eddy.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.Geometry;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SampleStreamTest {

    private static final int ROUND = 10_000;

    @Test
    void anElementIsAFunctionOfSeedAndIndex() {
        SampleStream forwards = new SampleStream(7);
        SampleStream backwards = new SampleStream(7);
        List<Long> indices =
                LongStream.of(0, 1, 9_999, 10_000, 123_456_789).boxed().toList();
        List<SampleStream.Sample> samples = indices.stream().map(forwards::get).toList();
        for (int i = indices.size() - 1; i >= 0; i--) {
            SampleStream.Sample sample = backwards.get(indices.get(i));
            assertEquals(samples.get(i).label(), sample.label());
            assertEquals(samples.get(i).damage(), sample.damage());
            assertArrayEquals(samples.get(i).image().pixels(), sample.image().pixels());
        }
        assertNotEquals(sequence(new SampleStream(7), 0, 50), sequence(new SampleStream(8), 0, 50));
    }

    @Test
    void aRoundHasEveryPictureOnceInAnOrderOfItsOwn() {
        SampleStream stream = new SampleStream(1, 0);
        assertEquals(new Geometry(28, 28, 1), stream.geometry());
        Set<ByteBuffer> first = new HashSet<>(sequence(stream, 0, ROUND));
        Set<ByteBuffer> second = new HashSet<>(sequence(stream, ROUND, ROUND));
        assertEquals(first, second);
        assertTrue(first.size() > ROUND - 20, "the pictures differ, but for a few");
        assertNotEquals(sequence(stream, 0, 50), sequence(stream, ROUND, 50));
        int[] labels = new int[10];
        for (int i = 0; i < ROUND; i++) {
            labels[stream.get(i).label()]++;
        }
        assertArrayEquals(new int[] {1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000}, labels);
    }

    @Test
    void aFiftiethIsDamagedInAllWaysAndVisiblySo() {
        SampleStream stream = new SampleStream(42);
        SampleStream sound = new SampleStream(42, 0);
        Map<Damage, Integer> counts = new EnumMap<>(Damage.class);
        for (int i = 0; i < 2 * ROUND; i++) {
            SampleStream.Sample sample = stream.get(i);
            byte[] original = sound.get(i).image().pixels();
            assertEquals(sound.get(i).label(), sample.label());
            if (sample.damage().isEmpty()) {
                assertArrayEquals(original, sample.image().pixels());
            } else {
                counts.merge(sample.damage().get(), 1, Integer::sum);
                assertTrue(meanChange(original, sample.image().pixels()) > 1, sample.damage() + " at " + i);
            }
        }
        int all = counts.values().stream().mapToInt(Integer::intValue).sum();
        assertEquals(400, all, 60); // three standard deviations
        for (Damage damage : Damage.values()) {
            assertEquals(80, counts.getOrDefault(damage, 0), 27, damage.toString());
        }
    }

    @Test
    void recordsCarryLabelAndDamage() {
        SampleStream all = new SampleStream(3, 1);
        OutgoingImage damaged = OutgoingImage.of(all.get(5), 5);
        assertEquals("5", damaged.key());
        assertEquals(
                all.get(5).damage().orElseThrow().toString(), damaged.headers().get(OutgoingImage.DAMAGE_HEADER));
        OutgoingImage sound = OutgoingImage.of(new SampleStream(3, 0).get(5), 5);
        assertFalse(sound.headers().containsKey(OutgoingImage.DAMAGE_HEADER));
        assertEquals(Integer.toString(all.get(5).label()), sound.headers().get(OutgoingImage.LABEL_HEADER));
    }

    private static List<ByteBuffer> sequence(SampleStream stream, long from, int count) {
        return LongStream.range(from, from + count)
                .mapToObj(i -> ByteBuffer.wrap(stream.get(i).image().pixels()))
                .toList();
    }

    private static double meanChange(byte[] a, byte[] b) {
        long sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
        }
        return (double) sum / a.length;
    }
}
