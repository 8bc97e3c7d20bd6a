package dev.eddy.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.jspecify.annotations.Nullable;

/** A formatted directory for one broker's data. {@link #close} removes it if it is a temporary one. */
record BrokerDirectory(Path path, boolean temporary) implements AutoCloseable {

    private static final String FORMATTED = "meta.properties"; // written last by the formatter
    private static final String LOCK = ".lock";
    private static final String METADATA = "__cluster_metadata-0";
    private static final String CLEANLY_ENDED = ".kafka_cleanshutdown";
    private static final Set<String> LEFT_BY_FORMATTING = Set.of("bootstrap.checkpoint", FORMATTED + ".tmp", LOCK);

    /**
     * Creates and formats the directory as far as it is not.
     *
     * @throws BrokerException if another broker runs in it, or it holds something else
     */
    static BrokerDirectory open(BrokerSettings settings) {
        try {
            BrokerDirectory directory = settings.directory().isPresent()
                    ? new BrokerDirectory(
                            settings.directory().get().toAbsolutePath().normalize(), false)
                    : new BrokerDirectory(Files.createTempDirectory("eddy-broker-"), true);
            directory.prepare(settings.scramUsers());
            return directory;
        } catch (IOException e) {
            throw new BrokerException(
                    "the broker's directory "
                            + settings.directory().map(Path::toString).orElse("(temporary)") + " cannot be used: " + e,
                    e);
        }
    }

    private void prepare(List<String> scramUsers) throws IOException {
        Files.createDirectories(path);
        requireUnlocked();
        if (!Files.exists(path.resolve(FORMATTED))) {
            requireEmpty();
            format(scramUsers);
        }
    }

    /** Whether a broker has run in it, and not ended by itself. */
    boolean isOfKilledBroker() {
        return Files.exists(path.resolve(METADATA)) && !Files.exists(path.resolve(CLEANLY_ENDED));
    }

    @Override
    public void close() {
        if (temporary) {
            try {
                Files.walkFileTree(path, new Removal());
            } catch (IOException e) {
                throw new BrokerException("the broker's temporary directory cannot be removed: " + e, e);
            }
        }
    }

    /** The broker takes this lock as well, but ends the process if it cannot. */
    private void requireUnlocked() throws IOException {
        Path lockFile = path.resolve(LOCK);
        if (!Files.exists(lockFile)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                @Nullable FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw inUse(null);
            }
        } catch (OverlappingFileLockException e) {
            throw inUse(e);
        }
    }

    private BrokerException inUse(@Nullable Throwable cause) {
        String message = "another broker runs in " + path + ": stop it, or name another directory";
        return cause == null ? new BrokerException(message) : new BrokerException(message, cause);
    }

    private void requireEmpty() throws IOException {
        try (Stream<Path> entries = Files.list(path)) {
            if (entries.anyMatch(entry -> !LEFT_BY_FORMATTING.contains(String.valueOf(entry.getFileName())))) {
                throw new BrokerException(
                        path + " is not empty and holds no broker's data: name an empty or a new directory");
            }
        }
    }

    private void format(List<String> scramUsers) {
        try (PrintStream silent = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(silent)
                    .setNodeId(EmbeddedBroker.NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .addDirectory(path.toString())
                    .setMetadataLogDirectory(path.toString())
                    .setControllerListenerName(EmbeddedBroker.CONTROLLER)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setScramArguments(scramUsers)
                    .run();
        } catch (Exception e) {
            close();
            throw new BrokerException("the broker's directory " + path + " cannot be formatted: " + e.getMessage(), e);
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // the broker's own deletions may still be under way
            }
            throw e;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
