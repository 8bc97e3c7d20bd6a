package dev.eddy.local;

import dev.eddy.image.Geometry;
import dev.eddy.image.IdxFile;
import dev.eddy.image.Image;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * An endless stream of pictures with some damaged ones among them: the 10,000 test images of Fashion-MNIST (Zalando SE,
 * MIT licence, 28x28 grey), round after round, each round in an order of its own. Every element is a function of the
 * seed and its index, so two streams of one seed are the same. Thread-safe.
 */
public final class SampleStream {

    /** Every fiftieth picture is damaged, on average. */
    public static final double DAMAGED = 0.02;

    private static final List<Damage> DAMAGES = List.of(Damage.values());
    private static final String FOLDER = "fashion-mnist/";

    /**
     * One element.
     *
     * @param image 28x28 grey
     * @param label what it shows, 0 to 9 in Fashion-MNIST's order, damaged or not
     * @param damage what was done to it
     */
    public record Sample(Image image, int label, Optional<Damage> damage) {}

    private enum Purpose {
        ORDER,
        DAMAGE
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Round(long number, int[] order) {}

    private final long seed;
    private final double damagedShare;
    private final Geometry geometry;
    private final List<byte[]> images;
    private final byte[] labels;
    private volatile Round round;

    /** Reads the bundled images; about 8 MB stay in memory. */
    public SampleStream(long seed) {
        this(seed, DAMAGED);
    }

    /**
     * As {@link #SampleStream(long)}, with another share of damaged pictures.
     *
     * @param damagedShare 0 to 1
     */
    public SampleStream(long seed, double damagedShare) {
        this.seed = seed;
        this.damagedShare = damagedShare;
        try (IdxFile imageFile = IdxFile.images("the bundled images", resource("t10k-images-idx3-ubyte.gz"));
                IdxFile labelFile = IdxFile.labels("the bundled labels", resource("t10k-labels-idx1-ubyte.gz"))) {
            this.geometry = imageFile.geometry();
            this.images = imageFile.rest();
            this.labels = new byte[images.size()];
            for (int i = 0; i < labels.length; i++) {
                labels[i] = labelFile.next()[0];
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.round = shuffled(0);
    }

    /** The shape of all elements. */
    public Geometry geometry() {
        return geometry;
    }

    /** The element at an index of at least 0. */
    public Sample get(long index) {
        int picture = order(index / images.size())[(int) (index % images.size())];
        Image image = new Image(geometry, images.get(picture));
        Random random = Seeds.random(seed, index, Purpose.DAMAGE);
        if (random.nextDouble() >= damagedShare) {
            return new Sample(image, labels[picture], Optional.empty());
        }
        Damage damage = DAMAGES.get(random.nextInt(DAMAGES.size()));
        return new Sample(damage.damaged(image, seed, index), labels[picture], Optional.of(damage));
    }

    private int[] order(long number) {
        Round current = round;
        if (current.number() != number) {
            current = shuffled(number);
            round = current; // threads in different rounds take turns to replace it, which costs time only
        }
        return current.order();
    }

    private Round shuffled(long number) {
        Random random = Seeds.random(seed, number, Purpose.ORDER);
        int[] order = IntStream.range(0, images.size()).toArray();
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[other];
            order[other] = moved;
        }
        return new Round(number, order);
    }

    private static InputStream resource(String name) {
        InputStream in = SampleStream.class.getResourceAsStream(FOLDER + name);
        if (in == null) {
            throw new IllegalStateException("the build lacks " + FOLDER + name);
        }
        return in;
    }
}
