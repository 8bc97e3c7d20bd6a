package dev.eddy.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Builds the image and starts what {@code deploy/docker-compose.yml} says, save Prometheus and Grafana: broker, Eddy and
 * producer, under a project name and a port of their own.
 */
class ComposeIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(3);
    private static final long MEMORY_BYTES = 1L << 30;

    private final HttpClient http = HttpClient.newHttpClient();
    // The engines of some machines only have the classic builder.
    private final Shell shell = new Shell(Map.of("EDDY_PORT", "0", "DOCKER_BUILDKIT", "0"));
    private List<String> compose = List.of();

    @BeforeEach
    void begin() throws Exception {
        ContainerImages.assumeThere("eclipse-temurin:17-jre", "apache/kafka:4.3.1");
        String project = "eddy-it-" + ProcessHandle.current().pid();
        List<String> arguments = List.of("-p", project, "-f", "deploy/docker-compose.yml");
        compose = new ArrayList<>();
        if (shell.succeeds("docker", "compose", "version")) {
            compose.addAll(List.of("docker", "compose"));
        } else if (shell.succeeds("docker-compose", "version")) {
            compose.add("docker-compose");
        }
        assumeTrue(!compose.isEmpty(), "skipped: neither docker compose nor docker-compose is installed");
        compose.addAll(arguments);
    }

    @AfterEach
    void end() throws Exception {
        if (!compose.isEmpty()) {
            compose("down", "--volumes", "--timeout", "5");
        }
    }

    @Test
    void whatIsComposedLearnsWithinItsLimitsAndStopsInGoodOrder() throws Exception {
        compose("build", "eddy");
        compose("up", "-d", "kafka", "eddy", "producer");
        String container = compose("ps", "-q", "eddy");
        URI page = page();
        until(
                "images are scored and trained on",
                () -> metric(page, "eddy_records_scored_total") > 300 && metric(page, "eddy_model_step") >= 4);
        isLockedDown(container);
        keepsToItsLimits(container, page);
        until(
                "the engine finds it healthy",
                () -> inspect(container).at("/State/Health/Status").asText().equals("healthy"));
        compose("stop", "producer", "eddy");
        assertEquals(0, inspect(container).at("/State/ExitCode").asInt(), "its exit code, and 137 if it was killed");
        assertTrue(compose("logs", "eddy").contains("ended in good order"));
        compose("up", "-d", "eddy");
        until("it goes on with what it has learned", () -> compose("logs", "eddy")
                .contains(": restored, step "));
    }

    private void isLockedDown(String container) throws Exception {
        JsonNode inspected = inspect(container);
        assertEquals("10001:10001", inspected.at("/Config/User").asText());
        assertTrue(inspected.at("/HostConfig/ReadonlyRootfs").asBoolean());
        assertEquals("10001", in(container, "id -u").out().strip());
        assertNotEquals(
                0,
                in(container, "touch /somewhere /tmp/somewhere /opt/eddy/eddy.jar")
                        .exitCode());
        assertEquals(0, in(container, "touch /cache/something").exitCode());
        assertEquals(
                "0000000000000000",
                in(container, "grep CapEff /proc/1/status | cut -f 2").out().strip());
    }

    private void keepsToItsLimits(String container, URI page) throws Exception {
        assertEquals(MEMORY_BYTES, inspect(container).at("/HostConfig/Memory").asLong());
        assertEquals(2, metric(page, "system_cpu_count"), "processors that Java sees");
        double heap = metric(page, "jvm_memory_max_bytes{area=\"heap\"");
        assertTrue(heap > 0.4 * MEMORY_BYTES && heap < 0.5 * MEMORY_BYTES, "bytes of the heap at most: " + heap);
        double resident = metric(page, "process_resident_memory_bytes");
        assertTrue(resident > 0 && resident < 0.9 * MEMORY_BYTES, "resident bytes: " + resident);
        String environment = in(container, "tr '\\0' '\\n' < /proc/1/environ").out();
        assertTrue(environment.contains("OMP_NUM_THREADS=1\n"), environment);
        assertTrue(environment.contains("OPENBLAS_NUM_THREADS=1\n"), environment);
    }

    private Shell.Ended in(String container, String script) throws Exception {
        return shell.run(List.of("docker", "exec", container, "bash", "-c", script));
    }

    private JsonNode inspect(String container) throws Exception {
        return JSON.readTree(shell.out("docker", "inspect", container)).path(0);
    }

    private String compose(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(compose);
        command.addAll(List.of(arguments));
        return shell.out(command);
    }

    private URI page() throws Exception {
        String port = compose("port", "eddy", "8080");
        return URI.create("http://localhost:" + port.substring(port.lastIndexOf(':') + 1) + "/");
    }

    /** The sum over the series that begin with a family and labels; 0 while nobody answers. */
    private double metric(URI page, String family) throws InterruptedException {
        try {
            return http.send(
                            HttpRequest.newBuilder(page.resolve("metrics")).build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(family))
                    .filter(line -> "{, ".indexOf(line.charAt(family.length())) >= 0)
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("in vain: " + what + "\n" + compose("logs", "--tail", "30"));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
    }
}
