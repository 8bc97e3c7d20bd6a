package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run} against the embedded broker. */
class RunIT {

    @TempDir
    private Path folder;

    @Test
    void everyImageHasOneScoreAndEveryBadRecordOneDeadLetter() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY)) {
            RunScenario scenario = new RunScenario(broker.bootstrapServers(), folder);
            scenario.plays();
            scenario.scoresWithPublishedModels();
            new OnnxAgreement(broker.bootstrapServers(), folder).holds("scored-again");
            scenario.beginsWithAnExportedModel();
        }
    }

    @Test
    void aTopicThatIsMissingIsNamed() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY)) {
            Path config = Files.writeString(folder.resolve("eddy.properties"), "topics.create=false\n");
            CommandLineOf done = CommandLineOf.run(
                    "run",
                    "--config",
                    config.toString(),
                    "--set",
                    "bootstrap.servers=" + broker.bootstrapServers(),
                    "--set",
                    "http.listen=127.0.0.1:0");
            assertEquals(1, done.exitCode());
            assertTrue(done.err().startsWith("eddy run: topic images does not exist: "), done.err());
            assertEquals(1, done.err().lines().count(), done.err());
        }
    }
}
