package dev.eddy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Notices the pictures that appear in a folder, each once, by listing it whenever asked. A file is complete when two
 * looks in a row find the same size and time and it ends as a PNG or JPEG does, so one that is still being written
 * waits, however slowly; what ends otherwise, and can be no sound picture, counts as complete after {@link
 * #PATIENT_LOOKS} equal looks. One that is replaced under its name by other content counts as new, one that is only
 * touched does not. Not thread-safe.
 */
public final class FolderWatch {

    static final int PATIENT_LOOKS = 10;

    private record State(long size, long modifiedMillis) {}

    /** A file that is not known to be complete: its state, and how many looks in a row have found it so. */
    private record Waiting(State state, int looks) {}

    /** A file that was returned, with a checksum of its content. */
    private record Taken(State state, long checksum) {}

    private final Path folder;
    private final ImageFiles.Order order;
    private Map<Path, Waiting> waiting = new HashMap<>();
    private Map<Path, Taken> taken = new HashMap<>();

    /** Watches a folder; what is in it already counts as appearing. */
    public FolderWatch(Path folder, ImageFiles.Order order) {
        this.folder = folder;
        this.order = order;
    }

    /**
     * The pictures that are complete and have not been returned before, in order.
     *
     * @throws ImageFileException if the folder cannot be listed
     */
    public List<Path> look() throws IOException {
        Map<Path, Waiting> stillWaiting = new HashMap<>();
        Map<Path, Taken> nowTaken = new HashMap<>();
        List<Path> complete = new ArrayList<>();
        for (Path file : ImageFiles.pictures(folder, order)) {
            State state = state(file);
            Taken before = taken.get(file);
            if (before != null) {
                nowTaken.put(file, before);
                if (before.state().equals(state)) {
                    continue;
                }
            }
            Waiting seen = waiting.get(file);
            int looks = seen != null && seen.state().equals(state) ? seen.looks() + 1 : 1;
            byte[] content = looks > 1 && state.size() > 0 ? content(file) : null;
            if (content == null || !(Content.endsAsPicture(content) || looks >= PATIENT_LOOKS)) {
                stillWaiting.put(file, new Waiting(state, looks));
                continue;
            }
            CRC32 checksum = new CRC32();
            checksum.update(content);
            nowTaken.put(file, new Taken(state, checksum.getValue()));
            if (before == null || before.checksum() != checksum.getValue()) {
                complete.add(file);
            }
        }
        waiting = stillWaiting;
        taken = nowTaken;
        return complete;
    }

    private static State state(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(attributes.size(), attributes.lastModifiedTime().toMillis());
        } catch (IOException e) {
            return new State(0, 0); // gone since it was listed
        }
    }

    private static byte @Nullable [] content(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return null; // gone since it was listed, or not to be read yet
        }
    }
}
