package dev.eddy.local;

import dev.eddy.image.FolderWatch;
import dev.eddy.image.IdxFile;
import dev.eddy.image.ImageDecoder;
import dev.eddy.image.ImageEncoder;
import dev.eddy.image.ImageFileException;
import dev.eddy.image.ImageFiles;
import dev.eddy.image.InvalidImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Images to send, one after the other; asked by one thread at a time. */
@FunctionalInterface
public interface ImageSource {

    /** The next image, empty after the last; may wait for it. */
    Optional<OutgoingImage> next() throws IOException, InterruptedException;

    /**
     * The same images in another encoding.
     *
     * @param decoder of the values there are
     * @param encoder of the values to send
     * @param passOver told in one line of an image that does not decode, which is passed over then; null for an {@link
     *     ImageFileException} instead
     */
    default ImageSource encoded(ImageDecoder decoder, ImageEncoder encoder, @Nullable Consumer<String> passOver) {
        return with(value -> encoder.encode(decoder.decode(value)), passOver);
    }

    /**
     * The same images with other values.
     *
     * @param values makes a value to send of one that there is, or throws {@link InvalidImageException} if that is none
     * @param passOver as in {@link #encoded}
     */
    default ImageSource with(UnaryOperator<byte[]> values, @Nullable Consumer<String> passOver) {
        return () -> {
            while (true) {
                Optional<OutgoingImage> image = next();
                if (image.isEmpty()) {
                    return image;
                }
                try {
                    return Optional.of(image.get().with(values.apply(image.get().value())));
                } catch (InvalidImageException e) {
                    String line = image.get().key() + ": " + e.getMessage();
                    if (passOver == null) {
                        throw new ImageFileException(line, e);
                    }
                    passOver.accept(line);
                }
            }
        };
    }

    /** The same images after another one. */
    default ImageSource after(OutgoingImage first) {
        Deque<OutgoingImage> before = new ArrayDeque<>(List.of(first));
        return () -> before.isEmpty() ? next() : Optional.of(before.remove());
    }

    /** The endless sample stream from an index on. */
    static ImageSource samples(SampleStream stream, long from) {
        return new ImageSource() {
            private long index = from;

            @Override
            public Optional<OutgoingImage> next() {
                OutgoingImage image = OutgoingImage.of(stream.get(index), index);
                index++;
                return Optional.of(image);
            }
        };
    }

    /**
     * The images of a file or folder. The caller closes them.
     *
     * @param labels of the images, in the same order; null for none
     * @param passOver told in one line of a file that cannot be read, which is passed over then; null for an {@link
     *     ImageFileException} instead
     * @throws ImageFileException if there are not as many labels as images
     */
    static ImageSource files(ImageFiles images, @Nullable IdxFile labels, @Nullable Consumer<String> passOver)
            throws IOException {
        if (labels != null && images.count() != labels.count()) {
            throw new ImageFileException(
                    "the file of labels holds " + labels.count() + " labels for " + images.count() + " images");
        }
        return () -> {
            while (images.hasNext()) {
                OptionalInt label = labels == null ? OptionalInt.empty() : OptionalInt.of(labels.next()[0] & 0xff);
                try {
                    return Optional.of(outgoing(images.next(), label));
                } catch (ImageFileException e) {
                    if (passOver == null) {
                        throw e;
                    }
                    passOver.accept(String.valueOf(e.getMessage()));
                }
            }
            return Optional.empty();
        };
    }

    /**
     * The pictures in a folder and all that appear in it later, until told to end.
     *
     * @param interval how long to wait between two looks at the folder when there is nothing new
     * @param ended asked at every look and before every picture
     * @param passOver told in one line of a picture that cannot be read though it is there
     */
    static ImageSource watch(
            Path folder, ImageFiles.Order order, Duration interval, BooleanSupplier ended, Consumer<String> passOver) {
        FolderWatch watch = new FolderWatch(folder, order);
        Deque<Path> found = new ArrayDeque<>();
        return () -> {
            while (!ended.getAsBoolean()) {
                Path file = found.poll();
                if (file == null) {
                    found.addAll(watch.look());
                    if (found.isEmpty()) {
                        Thread.sleep(interval.toMillis());
                    }
                } else {
                    try {
                        return Optional.of(outgoing(ImageFiles.read(file), OptionalInt.empty()));
                    } catch (ImageFileException e) {
                        if (Files.exists(file)) {
                            passOver.accept(String.valueOf(e.getMessage()));
                        }
                    }
                }
            }
            return Optional.empty();
        };
    }

    private static OutgoingImage outgoing(ImageFiles.Entry entry, OptionalInt label) {
        return OutgoingImage.of(entry.name(), entry.bytes(), label);
    }
}
