package dev.eddy.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** Single settings on the command line, which go before those of a file. */
final class ConfigOptions {

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set one key of the configuration, before what the file says; may be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    /**
     * The checked configuration: defaults, then the file, then the settings.
     *
     * @param file the properties file, in UTF-8; null for none
     * @param defaults what goes before the built-in defaults only
     */
    EddyConfig read(@Nullable Path file, Map<String, String> defaults) {
        Map<String, String> given = new LinkedHashMap<>(defaults);
        if (file != null) {
            load(file).forEach((key, value) -> given.put((String) key, (String) value));
        }
        given.putAll(settings);
        Logger log = LoggerFactory.getLogger(ConfigOptions.class); // not before the form of the log is chosen
        KeyHints.warnings(given.keySet()).forEach(log::warn);
        return new EddyConfig(given);
    }

    /** Reads a properties file in UTF-8. */
    static Properties load(Path file) {
        if (!Files.isRegularFile(file)) {
            throw CommandException.usage(file + " does not exist or is no file: name a properties file");
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw CommandException.usage(file + " is no properties file in UTF-8: " + Errors.line(e));
        }
        return properties;
    }
}
