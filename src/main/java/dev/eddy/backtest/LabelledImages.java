package dev.eddy.backtest;

import dev.eddy.image.Geometry;
import dev.eddy.image.IdxFile;
import dev.eddy.image.ImageDecoder;
import dev.eddy.image.ImageFileException;
import dev.eddy.image.ImageFiles;
import dev.eddy.image.ImageFormat;
import dev.eddy.image.InvalidImageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Images of one geometry in the order of their file, held in memory.
 *
 * @param geometry the shape of each
 * @param images {@code geometry.size()} values each; shared, not written to
 * @param labels one for each image, 0 to 255; empty if there are none
 */
public record LabelledImages(Geometry geometry, List<byte[]> images, List<Integer> labels) {

    public LabelledImages {
        images = List.copyOf(images);
        labels = List.copyOf(labels);
        if (!labels.isEmpty() && labels.size() != images.size()) {
            throw new IllegalArgumentException(labels.size() + " labels for " + images.size() + " images");
        }
    }

    /**
     * Reads images (IDX file, plain or gzip; PNG or JPEG file; folder of those) and their labels (IDX file).
     *
     * @throws ImageFileException if a file is missing, damaged, of another geometry or holds no image
     */
    public static LabelledImages load(Path file, @Nullable Path labelFile, Geometry geometry) throws IOException {
        List<byte[]> images = new ArrayList<>();
        try (ImageFiles files = ImageFiles.open(file, ImageFiles.Order.NAME)) {
            ImageDecoder decoder = files.format().decoder(geometry);
            while (files.hasNext()) {
                images.add(decode(decoder, files.next(), file));
            }
        }
        if (images.isEmpty()) {
            throw new ImageFileException(file + " holds no image");
        }
        List<Integer> labels = labelFile == null ? List.of() : labels(labelFile);
        if (labelFile != null && labels.size() != images.size()) {
            throw new ImageFileException(labelFile + " has " + labels.size() + " labels for the " + images.size()
                    + " images of " + file + ": name the labels of those images");
        }
        return new LabelledImages(geometry, images, labels);
    }

    /** The shape that an IDX file states for its images; null for other files, which fit any shape. */
    public static @Nullable Geometry statedGeometry(Path file) throws IOException {
        try (ImageFiles files = ImageFiles.open(file, ImageFiles.Order.NAME)) {
            if (files.format() != ImageFormat.RAW) {
                return null;
            }
        }
        try (IdxFile idx = IdxFile.images(file)) {
            return idx.geometry();
        }
    }

    private static byte[] decode(ImageDecoder decoder, ImageFiles.Entry entry, Path file) throws ImageFileException {
        try {
            return decoder.decode(entry.bytes()).pixels();
        } catch (InvalidImageException e) {
            throw new ImageFileException(
                    file + ", image " + entry.name() + ": " + e.getMessage()
                            + "; image.width, image.height and image.channels must be those of the images",
                    e);
        }
    }

    private static List<Integer> labels(Path file) throws IOException {
        List<Integer> labels = new ArrayList<>();
        try (IdxFile idx = IdxFile.labels(file)) {
            while (idx.hasNext()) {
                labels.add(idx.next()[0] & 0xFF);
            }
        }
        return labels;
    }

    public int size() {
        return images.size();
    }

    public boolean hasLabels() {
        return !labels.isEmpty();
    }

    /** The label of one image; null if there are none. */
    public @Nullable Integer label(int index) {
        return hasLabels() ? labels.get(index) : null;
    }

    /** Those images whose label is wanted, in the same order. */
    public LabelledImages withLabels(Set<Integer> wanted) {
        List<byte[]> chosen = new ArrayList<>();
        List<Integer> their = new ArrayList<>();
        for (int i = 0; i < labels.size(); i++) {
            if (wanted.contains(labels.get(i))) {
                chosen.add(images.get(i));
                their.add(labels.get(i));
            }
        }
        return new LabelledImages(geometry, chosen, their);
    }

    /** Every image, or {@code count} at even distances if there are more. */
    List<byte[]> spread(int count) {
        if (size() <= count) {
            return images;
        }
        List<byte[]> chosen = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            chosen.add(images.get((int) ((long) i * size() / count)));
        }
        return chosen;
    }
}
