package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands without an end, on a terminal where somebody presses Ctrl+C under the progress bar: they end in good order. */
class TerminalIT {

    private static final String CTRL_C = "\u0003";
    private static final Pattern BAR = Pattern.compile("images .*[0-9]/s");

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsTerminals() throws Exception {
        assumeTrue(EddyJar.hasTerminals(), "no script of util-linux and env of coreutils to make a terminal with");
    }

    @Test
    void theDemonstrationLeavesNothingBehind() throws Exception {
        try (EddyJar demo = EddyJar.onTerminal(folder, "demo", "--set", "http.listen=127.0.0.1:0")) {
            demo.awaitOutput(BAR);
            assertEquals(1, foldersIn(EddyJar.temporary(folder)).size());
            demo.type(CTRL_C);
            assertEquals(0, demo.exitCode(), demo.out());
            assertTrue(demo.out().matches("(?s).*[0-9]/s *\\r\\n(.*\\r\\n)?"), demo.out()); // the bar has its line
        }
        assertEquals(List.of(), foldersIn(EddyJar.temporary(folder)));
    }

    @Test
    void producingTellsWhatWasSent() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
                EddyJar produce = EddyJar.onTerminal(
                        folder,
                        "produce",
                        "--bootstrap-server",
                        broker.bootstrapServers(),
                        "--topic",
                        "pictures",
                        "--bundled",
                        "--rate",
                        "50")) {
            produce.awaitOutput(BAR);
            produce.type(CTRL_C);
            assertEquals(0, produce.exitCode(), produce.out());
            Matcher report = Pattern.compile("\n([0-9]+) images sent to pictures in .*\r\n$")
                    .matcher(produce.out());
            assertTrue(report.find(), produce.out());
            int sent = Integer.parseInt(report.group(1));
            assertEquals(
                    sent,
                    Records.of(broker.bootstrapServers(), "pictures", sent).size());
        }
    }

    private static List<String> foldersIn(Path temporary) throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            return left.map(Path::toString)
                    .filter(name -> name.contains("eddy"))
                    .toList();
        }
    }
}
