package dev.eddy.deploy;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The images that tests in containers begin with. */
public final class ContainerImages {

    private ContainerImages() {}

    /**
     * Skips the calling test, with a reason, unless a container engine answers to {@code docker} and has each image, or
     * can pull it. Engines without a network answer for their own images only, and would keep a test waiting for others.
     */
    public static void assumeThere(String... images) throws IOException, InterruptedException {
        Shell shell = new Shell(Map.of());
        Shell.Ended version = shell.run(List.of("docker", "version"));
        assumeTrue(version.exitCode() == 0, () -> "skipped: no container engine answers: " + lastLine(version));
        for (String image : images) {
            if (!shell.succeeds("docker", "image", "inspect", image)) {
                Shell.Ended pulled = shell.run(List.of("docker", "pull", image));
                assumeTrue(
                        pulled.exitCode() == 0,
                        () -> "skipped: the engine has no image " + image + " and cannot pull it: " + lastLine(pulled));
            }
        }
    }

    private static String lastLine(Shell.Ended ended) {
        return ended.out().lines().reduce("", (before, line) -> line.isBlank() ? before : line.strip());
    }
}
