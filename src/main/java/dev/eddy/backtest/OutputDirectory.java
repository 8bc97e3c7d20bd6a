package dev.eddy.backtest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A directory of results in which no file is ever half-written: each is written beside its place and renamed. */
public final class OutputDirectory {

    private final Path path;

    private OutputDirectory(Path path) {
        this.path = path;
    }

    /**
     * The directory of that path, created if it is missing.
     *
     * @throws IOException if it cannot be, or not be written to; the message names it
     */
    public static OutputDirectory at(Path path) throws IOException {
        try {
            Files.createDirectories(path);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(path + " is a file, where a directory is expected", e);
        } catch (IOException e) {
            throw new IOException("directory " + path + " cannot be created: " + reason(e), e);
        }
        if (!Files.isWritable(path)) {
            throw new IOException("directory " + path + " cannot be written to: no permission");
        }
        return new OutputDirectory(path);
    }

    /** In words; the message of many is but the path. */
    private static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        return e instanceof FileSystemException of && of.getReason() != null
                ? of.getReason()
                : String.valueOf(e.getMessage());
    }

    public Path path() {
        return path;
    }

    /** Puts a text there in UTF-8, in the place of one that is there already. */
    public void write(String name, String text) throws IOException {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a file there, in the place of one that is there already. */
    public void write(String name, byte[] bytes) throws IOException {
        try (Delivery one = new Delivery(path)) {
            one.add(name, bytes);
            one.publish();
        }
    }
}
