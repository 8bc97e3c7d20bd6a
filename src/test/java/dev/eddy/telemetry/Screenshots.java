package dev.eddy.telemetry;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Takes pictures of a running page in both themes and two widths: {@code Screenshots URI DIRECTORY}. */
final class Screenshots {

    private Screenshots() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createDirectories(Path.of(args[1]));
        try (Chromium chromium = new Chromium(Chromium.installed().orElseThrow())) {
            for (int width : new int[] {1920, 400}) {
                for (boolean dark : new boolean[] {false, true}) {
                    chromium.look(width, width < 600 ? 860 : 1080, dark);
                    chromium.open(URI.create(args[0]));
                    Await.until("pictures are there", Duration.ofSeconds(20), () -> chromium.evaluate(
                                    "document.querySelectorAll('li img').length > 3"
                                            + " && [...document.querySelectorAll('li img')].every(i => i.complete)")
                            .asBoolean());
                    chromium.screenshot(directory.resolve(width + (dark ? "-dark.png" : "-light.png")), width < 600);
                }
            }
            chromium.errors().forEach(System.out::println);
        }
    }
}
