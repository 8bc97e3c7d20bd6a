package dev.eddy.image;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads an IDX file of unsigned bytes from front to back, one item in memory at a time.
 *
 * <p>All numbers are big-endian and 32 bits wide. Images: {@code 0x00000803}, count, rows, columns, then the pixels
 * image by image, row by row. Labels: {@code 0x00000801}, count, then one byte each. The whole may be compressed with
 * gzip, which its content tells, not its name. Not thread-safe.
 */
public final class IdxFile implements Closeable {

    static final int IMAGES = 0x00000803;
    static final int LABELS = 0x00000801;

    private final String name;
    private final InputStream in;
    private final boolean compressed;
    private final int count;
    private final @Nullable Geometry geometry;
    private int read;

    private IdxFile(String name, InputStream in, boolean compressed, int expected) throws IOException {
        this.name = name;
        this.in = in;
        this.compressed = compressed;
        int magic = number();
        if (magic != expected) {
            throw bad(
                    magic == IMAGES || magic == LABELS
                            ? kind(magic) + ", where " + kind(expected) + " is expected"
                            : "no IDX file of " + (expected == IMAGES ? "images" : "labels") + ": it starts with "
                                    + String.format("%08x", magic) + ", not " + String.format("%08x", expected));
        }
        this.count = number();
        if (count < 0) {
            throw bad("a damaged IDX file: it says it holds " + Integer.toUnsignedString(count) + " items");
        }
        this.geometry = magic == IMAGES ? dimensions(number(), number()) : null;
    }

    /** Opens a file of images (magic number 0x00000803). */
    public static IdxFile images(Path file) throws IOException {
        return open(file, IMAGES);
    }

    /** Opens a file of labels (magic number 0x00000801). */
    public static IdxFile labels(Path file) throws IOException {
        return open(file, LABELS);
    }

    /**
     * Reads images from a stream, which {@link #close} closes.
     *
     * @param name for messages
     */
    public static IdxFile images(String name, InputStream in) throws IOException {
        return open(name, in, IMAGES);
    }

    /**
     * Reads labels from a stream, which {@link #close} closes.
     *
     * @param name for messages
     */
    public static IdxFile labels(String name, InputStream in) throws IOException {
        return open(name, in, LABELS);
    }

    /**
     * Checks that a file of images holds what its header promises, for those who must not find out halfway: a plain one
     * by its size, a compressed one in a pass of its own.
     *
     * @throws ImageFileException if it is damaged, truncated or goes on after its last item
     */
    public static void checkImages(Path file) throws IOException {
        try (IdxFile idx = images(file)) {
            idx.check(Files.size(file));
        }
    }

    /** As {@link #checkImages}, of a file of labels. */
    public static void checkLabels(Path file) throws IOException {
        try (IdxFile idx = labels(file)) {
            idx.check(Files.size(file));
        }
    }

    private void check(long fileSize) throws IOException {
        long header = geometry == null ? 8 : 16;
        if (!compressed && fileSize == header + (long) count * geometry().size()) {
            return;
        }
        while (hasNext()) {
            next();
        }
        requireEnd();
    }

    /** The items that the header promises. */
    public int count() {
        return count;
    }

    /** The shape of the images; one value for labels. */
    public Geometry geometry() {
        return geometry == null ? new Geometry(1, 1, 1) : geometry;
    }

    /** The index of the item that {@link #next} returns, from 0. */
    public int position() {
        return read;
    }

    public boolean hasNext() {
        return read < count;
    }

    /**
     * The next item: the pixels of an image, or the one byte of a label.
     *
     * @throws ImageFileException if the file ends before its last item, or goes on after it
     */
    public byte[] next() throws IOException {
        byte[] item = bytes(geometry().size());
        read++;
        if (!hasNext()) {
            requireEnd();
        }
        return item;
    }

    /** All items that are left, in a list that holds them in memory. */
    public List<byte[]> rest() throws IOException {
        List<byte[]> items = new ArrayList<>();
        while (hasNext()) {
            items.add(next());
        }
        return items;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static IdxFile open(Path file, int magic) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ImageFileException(file + (Files.exists(file) ? " is no file" : " does not exist"));
        }
        try {
            return open(file.toString(), Files.newInputStream(file), magic);
        } catch (AccessDeniedException e) {
            throw new ImageFileException(file + " cannot be read: no permission", e);
        }
    }

    private static IdxFile open(String name, InputStream in, int magic) throws IOException {
        try {
            InputStream stored = new BufferedInputStream(in, 1 << 16);
            InputStream content = inflated(stored);
            return new IdxFile(name, content, content != stored, magic);
        } catch (EOFException | ZipException e) {
            in.close();
            throw new ImageFileException(name + " is a damaged gzip file: " + e.getMessage(), e);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    static InputStream inflated(InputStream in) throws IOException {
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new BufferedInputStream(new GZIPInputStream(in, 1 << 16), 1 << 16) : in;
    }

    private Geometry dimensions(int rows, int columns) throws IOException {
        try {
            return new Geometry(columns, rows, 1);
        } catch (IllegalArgumentException e) {
            throw new ImageFileException(
                    name + " is an IDX file of images of " + Integer.toUnsignedString(columns) + "x"
                            + Integer.toUnsignedString(rows) + " pixels, where 1 to 4096 a side are possible",
                    e);
        }
    }

    private static String kind(int magic) {
        return magic == IMAGES ? "an IDX file of images" : "an IDX file of labels";
    }

    private int number() throws IOException {
        return ByteBuffer.wrap(bytes(4)).getInt();
    }

    private byte[] bytes(int length) throws IOException {
        try {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length == length) {
                return bytes;
            }
        } catch (EOFException | ZipException e) {
            throw new ImageFileException(name + " is a damaged or truncated gzip file: " + e.getMessage(), e);
        }
        throw bad(
                geometry == null && read == 0
                        ? "too short for an IDX file"
                        : "truncated: it ends in item " + (read + 1) + " of " + count);
    }

    private void requireEnd() throws IOException {
        try {
            if (in.read() >= 0) {
                throw bad("longer than the " + count + " items it says it holds");
            }
        } catch (EOFException | ZipException e) {
            throw new ImageFileException(name + " is a damaged or truncated gzip file: " + e.getMessage(), e);
        }
    }

    private ImageFileException bad(String what) {
        return new ImageFileException(name + " is " + what);
    }
}
