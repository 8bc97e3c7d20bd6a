package dev.eddy.backtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Files of a directory that appear together, whole, or not at all: each is written beside its place, and all are renamed
 * once they are there. Those of the same names are replaced then, and not before.
 */
public final class Delivery implements AutoCloseable {

    private final Path directory;
    private final Map<Path, Path> partOfPlace = new LinkedHashMap<>();

    /** @param directory created with the first file */
    public Delivery(Path directory) {
        this.directory = directory;
    }

    /**
     * Writes one file beside its place.
     *
     * @throws IOException if it cannot be, or if its place is a directory's; the message names it
     */
    public void add(String name, byte[] bytes) throws IOException {
        OutputDirectory.at(directory);
        Path place = directory.resolve(name);
        if (Files.isDirectory(place)) {
            throw new IOException(place + " is a directory, where a file is to be");
        }
        Path part = directory.resolve("." + name + ".part");
        if (Files.isDirectory(part)) {
            throw new IOException(part + " is a directory, where a file is written first");
        }
        partOfPlace.put(place, part);
        Files.write(part, bytes);
    }

    /**
     * Puts all files in their places.
     *
     * @return their paths, in the order in which they were added
     * @throws IOException if one cannot be; then none is there
     */
    public List<Path> publish() throws IOException {
        List<Path> published = new ArrayList<>();
        try {
            for (Map.Entry<Path, Path> file : partOfPlace.entrySet()) {
                Files.move(
                        file.getValue(),
                        file.getKey(),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE);
                published.add(file.getKey());
            }
        } catch (IOException e) {
            for (Path file : published) {
                Files.deleteIfExists(file);
            }
            throw e;
        }
        return published;
    }

    /** Removes what was not published. */
    @Override
    public void close() throws IOException {
        for (Path part : partOfPlace.values()) {
            Files.deleteIfExists(part);
        }
    }
}
