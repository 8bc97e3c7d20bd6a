package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Holds the README to the code. After a change of a key, {@code mvn test -Dtest=ReadmeTest -Dreadme.update=true} writes
 * the table anew.
 */
class ReadmeTest {

    private static final Path README = Path.of("README.md");
    private static final String BEGIN = "<!-- configuration: generated from the code; see ReadmeTest -->\n";
    private static final String END = "\n<!-- end of configuration -->";

    @Test
    void theTableOfKeysIsTheOneOfTheCode() throws IOException {
        String readme = Files.readString(README);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertTrue(begin >= BEGIN.length() && end >= begin - 1, "the README has lost a marker of the table");
        String table = ConfigTable.markdown();
        if (Boolean.getBoolean("readme.update")) {
            Files.writeString(README, readme.substring(0, begin) + table + readme.substring(end));
            return;
        }
        assertEquals(
                table,
                readme.substring(begin, Math.max(begin, end)),
                "the README's table of keys is not the code's; write it anew with -Dreadme.update=true");
    }

    @Test
    void theSchemaIsTheOneOfTheCode() throws IOException {
        String schema = Files.readString(Path.of("src/main/resources/dev/eddy/image/image.avsc"));
        assertTrue(
                Files.readString(README).contains("```json\n" + schema + "```\n"),
                "the README's schema is not the code's");
    }
}
