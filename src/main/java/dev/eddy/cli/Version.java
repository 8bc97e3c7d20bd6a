package dev.eddy.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which build this is: version and commit, the libraries that decide how it behaves, the machine it runs on. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        Properties build = build();
        return new String[] {
            line(),
            "Kafka " + build.getProperty("kafka"),
            "ND4J " + build.getProperty("nd4j") + ", OpenBLAS " + build.getProperty("openblas") + ", natives for "
                    + build.getProperty("platform"),
            "Java " + System.getProperty("java.version") + " on " + System.getProperty("os.name") + " "
                    + System.getProperty("os.arch"),
        };
    }

    /** Version and commit, in one line. */
    static String line() {
        Properties build = build();
        return "Eddy " + build.getProperty("version") + " (commit " + build.getProperty("commit") + ")";
    }

    private static Properties build() {
        Properties build = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("build.properties")) {
            if (in != null) {
                build.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build;
    }
}
