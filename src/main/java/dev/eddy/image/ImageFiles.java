package dev.eddy.image;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The images of a file or folder as values of records, one in memory at a time: each image of an IDX file as its raw
 * pixels, each PNG or JPEG file as it is. Not thread-safe.
 */
public final class ImageFiles implements Closeable {

    /** In which order the files of a folder come; ties of time are broken by name. */
    public enum Order {
        NAME,
        MODIFIED
    }

    /**
     * One image.
     *
     * @param name the file's name, or the image's index in an IDX file
     * @param bytes the value for a record
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Entry(String name, byte[] bytes) {}

    private interface Source extends Closeable {
        void check() throws IOException;

        boolean hasNext();

        Entry next() throws IOException;
    }

    private final ImageFormat format;
    private final ImageDecoder decoder;
    private final long count;
    private final Source source;

    private ImageFiles(ImageFormat format, ImageDecoder decoder, long count, Source source) {
        this.format = format;
        this.decoder = decoder;
        this.count = count;
        this.source = source;
    }

    /**
     * Opens an IDX file (plain or gzip), a PNG or JPEG file, or a folder with such pictures ({@code .png},
     * {@code .jpg}, {@code .jpeg}; other files and folders in it are passed over).
     *
     * @throws ImageFileException if it does not exist, is none of these or holds no picture
     */
    public static ImageFiles open(Path path, Order order) throws IOException {
        if (Files.isDirectory(path)) {
            List<Path> files = pictures(path, order);
            if (files.isEmpty()) {
                throw new ImageFileException("folder " + path + " holds no .png, .jpg or .jpeg file");
            }
            return new ImageFiles(ImageFormat.AUTO, asPictures(), files.size(), new Pictures(files.iterator()));
        }
        if (!Files.isRegularFile(path)) {
            throw new ImageFileException(
                    path + (Files.exists(path) ? " is neither file nor folder" : " does not exist"));
        }
        byte[] head = head(path);
        if (head.length == 0) {
            throw new ImageFileException(path + " is empty");
        }
        if (Content.isPng(head) || Content.isJpeg(head)) {
            return new ImageFiles(
                    ImageFormat.AUTO,
                    asPictures(),
                    1,
                    new Pictures(List.of(path).iterator()));
        }
        if (head.length < 2 || head[0] != 0 || head[1] != 0) {
            throw new ImageFileException(
                    path + " is neither an IDX file (plain or gzip), a PNG nor a JPEG: it starts with "
                            + HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(head.length, 8)));
        }
        IdxFile idx = IdxFile.images(path);
        return new ImageFiles(ImageFormat.RAW, new RawDecoder(idx.geometry()), idx.count(), new Idx(path, idx));
    }

    /**
     * The pictures of a folder in order, without those of its folders.
     *
     * @throws ImageFileException if it cannot be listed
     */
    static List<Path> pictures(Path folder, Order order) throws IOException {
        Comparator<Path> byName = Comparator.comparing(file -> String.valueOf(file.getFileName()));
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(ImageFiles::isNamedAsPicture)
                    .filter(Files::isRegularFile)
                    .map(file -> new Dated(file, order == Order.MODIFIED ? modifiedMillis(file) : 0))
                    .sorted(Comparator.comparingLong(Dated::millis).thenComparing(Dated::file, byName))
                    .map(Dated::file)
                    .toList();
        } catch (IOException e) {
            throw new ImageFileException("folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * One picture as it is.
     *
     * @throws ImageFileException if it cannot be read
     */
    public static Entry read(Path file) throws IOException {
        try {
            return new Entry(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new ImageFileException(file + " is gone", e);
        } catch (IOException e) {
            throw new ImageFileException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** {@link ImageFormat#RAW} for IDX files, else {@link ImageFormat#AUTO}. */
    public ImageFormat format() {
        return format;
    }

    /** Decodes the entries, each to the geometry that it has. */
    public ImageDecoder decoder() {
        return decoder;
    }

    /** Decodes PNG and JPEG files, each to the geometry that it has, of at most 4096 pixels a side. */
    public static ImageDecoder asPictures() {
        return PictureDecoder::asItIs;
    }

    /**
     * A PNG or JPEG file as it is, if it is complete and not too large; what is in it is not decoded.
     *
     * @throws InvalidImageException if it is none
     */
    public static byte[] requirePicture(byte[] bytes) {
        PictureDecoder.container(bytes);
        return bytes;
    }

    /**
     * Checks an IDX file as a whole, before its first image is taken; pictures are looked at one by one as they come.
     *
     * @throws ImageFileException if it is damaged, truncated or goes on after its last image
     */
    public void check() throws IOException {
        source.check();
    }

    /** How many images there are in all. */
    public long count() {
        return count;
    }

    public boolean hasNext() {
        return source.hasNext();
    }

    /**
     * The next image.
     *
     * @throws ImageFileException if the file is damaged or cannot be read
     */
    public Entry next() throws IOException {
        return source.next();
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    private record Dated(Path file, long millis) {}

    private record Idx(Path path, IdxFile file) implements Source {
        @Override
        public void check() throws IOException {
            IdxFile.checkImages(path);
        }

        @Override
        public boolean hasNext() {
            return file.hasNext();
        }

        @Override
        public Entry next() throws IOException {
            String name = Long.toString(file.position());
            return new Entry(name, file.next());
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    private record Pictures(Iterator<Path> files) implements Source {
        @Override
        public void check() {}

        @Override
        public boolean hasNext() {
            return files.hasNext();
        }

        @Override
        public Entry next() throws IOException {
            return read(files.next());
        }

        @Override
        public void close() {}
    }

    private static boolean isNamedAsPicture(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return name.endsWith(".png") || name.endsWith(".jpg") || name.endsWith(".jpeg");
    }

    private static long modifiedMillis(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return Long.MAX_VALUE; // gone since it was listed; reading it will say so
        }
    }

    private static byte[] head(Path file) throws IOException {
        try (InputStream in = IdxFile.inflated(new BufferedInputStream(Files.newInputStream(file)))) {
            return in.readNBytes(8);
        } catch (IOException e) {
            throw new ImageFileException(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
