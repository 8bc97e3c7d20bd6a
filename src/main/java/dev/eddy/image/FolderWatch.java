package dev.eddy.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Notices the pictures that appear in a folder, each once, by listing it whenever asked. A file counts as complete when
 * two looks in a row find the same size and time, so one that is still being written waits. One that is replaced under
 * its name counts as new. Not thread-safe.
 */
public final class FolderWatch {

    private record State(long size, long modifiedMillis) {}

    private final Path folder;
    private final ImageFiles.Order order;
    private Map<Path, State> before = new HashMap<>();
    private Map<Path, State> taken = new HashMap<>();

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
        Map<Path, State> now = new HashMap<>();
        Map<Path, State> stillTaken = new HashMap<>();
        List<Path> complete = new ArrayList<>();
        for (Path file : ImageFiles.pictures(folder, order)) {
            State state = state(file);
            now.put(file, state);
            if (state.equals(taken.get(file))) {
                stillTaken.put(file, state);
            } else if (state.size() > 0 && state.equals(before.get(file))) {
                stillTaken.put(file, state);
                complete.add(file);
            }
        }
        before = now;
        taken = stillTaken;
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
}
