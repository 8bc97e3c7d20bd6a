package dev.eddy.backtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

    private static final LabelledImages TRAIN = Bars.images(1, 2000, 0, 1);
    private static final LabelledImages TEST = Bars.images(2, 200, 0, 1);

    @TempDir
    private Path folder;

    private Outcome write(Set<Integer> normal, boolean gan) throws IOException {
        Outcome outcome = Backtest.run(Plan.of(Bars.learner(1, gan), TRAIN, TEST, normal), Progress.NONE);
        Results.write(outcome, OutputDirectory.at(folder));
        return outcome;
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void everythingIsThereAndNothingHalfWritten() throws IOException {
        Files.writeString(folder.resolve("scores.csv"), "of an earlier run");
        Outcome outcome = write(Set.of(0), true);
        assertEquals(
                Set.of(
                        "scores.csv",
                        "stream-scores.csv",
                        "vae-samples.png",
                        "gan-samples.png",
                        "most-anomalous.png",
                        "least-anomalous.png",
                        "false-alarms.png",
                        "misses.png",
                        "report.html"),
                names());
        List<String> lines = Files.readAllLines(folder.resolve("scores.csv"));
        assertEquals(201, lines.size());
        List<String> names = List.of(lines.get(0).split(","));
        List<String> values = List.of(lines.get(2).split(","));
        ScoredImage second = outcome.test().get(1);
        assertEquals(names.size(), values.size());
        assertEquals("1", values.get(names.indexOf("index")));
        assertEquals("1", values.get(names.indexOf("label")));
        assertEquals("false", values.get(names.indexOf("normal")));
        assertEquals(Double.toString(second.score().score()), values.get(names.indexOf("score")));
        assertEquals(Double.toString(second.score().pValue()), values.get(names.indexOf("pValue")));
        assertEquals(
                1001, Files.readAllLines(folder.resolve("stream-scores.csv")).size());
    }

    @Test
    void theReportNeedsNothingBesideItself() throws IOException {
        write(Set.of(0), true);
        String html = Files.readString(folder.resolve("report.html"));
        Matcher links = Pattern.compile("(?:src|href)='([^']*)").matcher(html);
        int pictures = 0;
        while (links.find()) {
            assertTrue(links.group(1).startsWith("data:image/png;base64,"), links.group(1));
            pictures++;
        }
        assertTrue(pictures >= 4 * 12 + 2, pictures + " pictures");
        assertFalse(html.contains("<script") || html.contains("url(") || html.contains("NaN"));
        assertTrue(html.contains("Anomalous images found"));
        assertTrue(html.contains("prefers-color-scheme: dark") && html.contains("name='viewport'"));
        assertEquals(
                html.split("<figure", -1).length, html.split("</figure>", -1).length, "figures that are not closed");
    }

    @Test
    void whatCannotBeSaidIsLeftOut() throws IOException {
        write(Set.of(), false);
        String html = Files.readString(folder.resolve("report.html"));
        assertFalse(html.contains("Anomalous images found") || html.contains("GAN") || html.contains("null"), html);
        assertFalse(names().contains("gan-samples.png"));
        assertFalse(names().contains("misses.png"));
        String second = Files.readAllLines(folder.resolve("scores.csv")).get(1);
        assertTrue(second.startsWith("0,0,,"), second);
    }

    @Test
    void aFileInThePlaceOfTheDirectoryIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("results"), "");
        IOException e = assertThrows(IOException.class, () -> OutputDirectory.at(file));
        assertEquals(file + " is a file, where a directory is expected", e.getMessage());
    }
}
