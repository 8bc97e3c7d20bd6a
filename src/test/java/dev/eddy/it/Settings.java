package dev.eddy.it;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** Configurations for tests. */
final class Settings {

    /** Small models that are real otherwise, snapshots every few seconds, and a group that soon misses a member. */
    static final Map<String, String> SMALL = Map.ofEntries(
            Map.entry("application.id", "eddy-it"),
            Map.entry("http.listen", "127.0.0.1:0"),
            Map.entry("vae.encoder", "128,64"),
            Map.entry("vae.decoder", "64,128"),
            Map.entry("gan.generator", "64,128"),
            Map.entry("gan.discriminator", "128,64"),
            Map.entry("snapshot.every.steps", "10"),
            Map.entry("samples.every.steps", "20"),
            Map.entry("session.timeout.ms", "6000"),
            Map.entry("heartbeat.interval.ms", "1000"),
            Map.entry("transaction.timeout.ms", "6000"));

    private Settings() {}

    /** A properties file of them; its name is the application's. */
    static Path write(Path folder, Map<String, String> settings) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        Path file = folder.resolve(settings.get("application.id") + ".properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return file;
    }
}
