package dev.eddy.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.InvalidImageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Apicurio's own registry, in a process beside, as the Maven profile {@code registry} fetches it. */
class RegistryIT {

    private static final Path APPLICATION = Path.of("target", "registry");
    private static final Geometry GEOMETRY = new Geometry(3, 2, 1);
    private static final Image IMAGE = new Image(GEOMETRY, new byte[] {1, 2, 3, 4, 5, (byte) 255});
    private static final Headers NONE = new RecordHeaders();
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private static Process process;
    private static String url;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        assumeTrue(Files.isDirectory(APPLICATION), "no registry here: mvn -Pregistry fetches it");
        Path jar;
        try (Stream<Path> files = Files.list(APPLICATION)) {
            jar = files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        url = "http://127.0.0.1:" + port;
        Path log = folder.resolve("registry.log");
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!answers()) {
            assertTrue(process.isAlive() && System.nanoTime() < deadline, () -> "no registry: " + read(log));
            LockSupport.parkNanos(100_000_000);
        }
    }

    @AfterAll
    static void stop() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private static boolean answers() {
        try {
            new RegistryDecoder(url, Map.of(), GEOMETRY).check();
            return true;
        } catch (RegistryUnavailableException e) {
            return false;
        }
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void whatIsWrittenWithARegistryIsReadWithIt() {
        for (Map<String, String> properties : List.of(
                Map.<String, String>of(),
                Map.of("apicurio.registry.as-confluent", "true"),
                Map.of("apicurio.registry.use-id", "contentId"))) {
            byte[] record = new RegistryEncoder(url, properties, "images").encode(IMAGE);
            assertEquals(0, record[0]);
            assertArrayEquals(
                    IMAGE.pixels(),
                    new RegistryDecoder(url, properties, GEOMETRY)
                            .decode(NONE, record)
                            .pixels());
        }
    }

    @Test
    void aSchemaThatTheRegistryDoesNotKnowIsTheRecordsFault() {
        RegistryDecoder decoder = new RegistryDecoder(url, Map.of(), GEOMETRY);
        for (long id : new long[] {0, 4711, -1, Long.MAX_VALUE}) {
            String line = String.valueOf(assertThrows(
                            InvalidImageException.class,
                            () -> decoder.decode(NONE, StubRegistry.record(id, IMAGE)),
                            "id " + id)
                    .getMessage());
            assertTrue(line.startsWith("the schema registry does not know the record's schema: "), line);
        }
    }

    @Test
    void aSchemaOfSomethingElseIsTheRecordsFault() throws Exception {
        long invoice = register(
                "invoice",
                "AVRO",
                "{\"type\":\"record\",\"name\":\"Invoice\",\"fields\":[{\"name\":\"sum\",\"type\":\"int\"}]}");
        long json = register("settings", "JSON", "{\"type\":\"object\"}");
        RegistryDecoder decoder = new RegistryDecoder(url, Map.of(), GEOMETRY);
        assertThrows(InvalidImageException.class, () -> decoder.decode(NONE, StubRegistry.record(invoice, IMAGE)));
        assertThrows(InvalidImageException.class, () -> decoder.decode(NONE, StubRegistry.record(json, IMAGE)));
        Headers headers = new RecordHeaders();
        headers.add(
                "apicurio.value.globalId",
                ByteBuffer.allocate(8).putLong(invoice).array());
        assertThrows(InvalidImageException.class, () -> decoder.decode(headers, "anything".getBytes(UTF_8)));
    }

    private static long register(String name, String type, String schema) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/apis/registry/v2/groups/default/artifacts"))
                .header("Content-Type", "application/json")
                .header("X-Registry-ArtifactId", name)
                .header("X-Registry-ArtifactType", type)
                .POST(BodyPublishers.ofString(schema))
                .build();
        String answer = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(answer)
                .required("globalId")
                .asLong();
    }
}
