package dev.eddy.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** {@code run} against a broker as people run it. */
class RunOnContainerIT {

    @TempDir
    private Path folder;

    @Test
    void everyImageHasOneScoreAndEveryBadRecordOneDeadLetter() throws Exception {
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: no container engine answers, so there is no broker in a container");
        try (KafkaContainer broker =
                new KafkaContainer("apache/kafka:4.3.1").withStartupTimeout(Duration.ofMinutes(2))) {
            broker.start();
            new RunScenario(broker.getBootstrapServers(), folder).plays();
        }
    }
}
