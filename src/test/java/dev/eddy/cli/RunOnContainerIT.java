package dev.eddy.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eddy.deploy.ContainerImages;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** {@code run} against a broker as people run it. */
class RunOnContainerIT {

    private static final String IMAGE = "apache/kafka:4.3.1";

    @TempDir
    private Path folder;

    @Test
    void everyImageHasOneScoreAndEveryBadRecordOneDeadLetter() throws Exception {
        ContainerImages.assumeThere(IMAGE);
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: Testcontainers finds no container engine");
        try (KafkaContainer broker = new KafkaContainer(IMAGE).withStartupTimeout(Duration.ofMinutes(2))) {
            broker.start();
            new RunScenario(broker.getBootstrapServers(), folder).plays();
        }
    }
}
