package dev.eddy.telemetry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpEndpointTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final Telemetry telemetry = new Telemetry("test", () -> 1_000_000L);
    private final AtomicReference<Health> health = new AtomicReference<>(new Health("RUNNING", true, true, ""));
    private HttpEndpoint http;

    @BeforeEach
    void start() throws IOException {
        http = HttpEndpoint.start("127.0.0.1", 0, telemetry, health::get);
    }

    @AfterEach
    void close() {
        http.close();
        telemetry.close();
    }

    @Test
    void servesTheMeters() throws Exception {
        telemetry.partition("images", 0).received();
        HttpResponse<String> response = get("metrics");
        assertEquals(200, response.statusCode());
        assertEquals(
                "text/plain; version=0.0.4; charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow());
        Scrape scrape = Scrape.parse(response.body());
        assertEquals(1, scrape.value("eddy_records_received_total{partition=\"0\",topic=\"images\"}"));
        assertEquals(1, scrape.value("eddy_health_ready"));
    }

    @Test
    void probesFollowTheHealth() throws Exception {
        assertEquals(200, get("health/live").statusCode());
        assertEquals(200, get("health/ready").statusCode());

        health.set(new Health("REBALANCING", true, false, "replaying 40 records"));
        assertEquals(200, get("health/live").statusCode());
        HttpResponse<String> ready = get("health/ready");
        assertEquals(503, ready.statusCode());
        JsonNode json = new ObjectMapper().readTree(ready.body());
        assertEquals("REBALANCING", json.get("state").asText());
        assertEquals("replaying 40 records", json.get("detail").asText());

        health.set(new Health("ERROR", false, false, ""));
        assertEquals(503, get("health/live").statusCode());
        assertEquals(503, get("health/ready").statusCode());
        assertEquals(0, Scrape.of(telemetry).value("eddy_health_live"));
    }

    @Test
    void clientsThatNeverEndTheirRequestsDoNotKeepProbesFromBeingAnswered() throws Exception {
        List<Socket> unfinished = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port());
                unfinished.add(socket);
                socket.getOutputStream().write("GET /health/live HT".getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().flush();
            }
            assertEquals(200, get("health/live").statusCode());
        } finally {
            for (Socket socket : unfinished) {
                socket.close();
            }
        }
    }

    @Test
    void servesThePageAndEverythingThatItNames() throws Exception {
        HttpResponse<String> page = get("");
        assertEquals(200, page.statusCode());
        assertTrue(page.headers()
                .firstValue("Content-Security-Policy")
                .orElseThrow()
                .startsWith("default-src 'self'"));
        assertEquals(
                "nosniff", page.headers().firstValue("X-Content-Type-Options").orElseThrow());
        Matcher asset = Pattern.compile("(?:src|href)=\"/([^\"#]+)\"").matcher(page.body());
        int assets = 0;
        while (asset.find()) {
            HttpResponse<String> response = get(asset.group(1));
            assertEquals(200, response.statusCode(), asset.group(1));
            assertFalse(response.body().isBlank(), asset.group(1));
            assets++;
        }
        assertTrue(assets >= 5, page.body());
        assertFalse(page.body().contains("http://") || page.body().contains("https://"), "no network");
    }

    @Test
    void servesTheDataOfThePage() throws Exception {
        PartitionMeters meters = telemetry.partition("images", 4);
        telemetry.alpha(0.01);
        meters.state("TRAINING");
        Samples.step(meters, 9, 0);
        meters.lag(55);
        for (int i = 0; i < 10; i++) {
            meters.received();
            meters.scored(1.3, 20, 10, 0.5, false, false);
        }
        byte[] png = {1, 2, 3};
        telemetry.live().anomaly("images", 4, 77, 8.5, 0.002, png);
        telemetry.live().samples("gan", 9, png);
        telemetry.live().reconstruction(() -> png);
        telemetry.labelled("7", true);
        telemetry.live().tick();

        HttpResponse<String> response = get("api/live");
        assertEquals("no-store", response.headers().firstValue("Cache-Control").orElseThrow());
        JsonNode json = new ObjectMapper().readTree(response.body());
        assertEquals("test", json.get("application").asText());
        assertEquals(0.01, json.get("alpha").asDouble(), 1e-6);
        assertEquals(10, json.at("/totals/scored").asInt());
        assertEquals("7", json.at("/labels/0/label").asText());
        assertEquals(1, json.at("/labels/0/anomalous").asInt());
        assertEquals(120, json.at("/series/vaeLoss/0").asDouble());
        assertEquals(55, json.at("/series/lag/0").asInt());
        assertEquals(1.375, json.at("/series/scoreP50/0").asDouble(), 0.13);
        assertEquals(1, json.at("/series/time").size());
        assertEquals("TRAINING", json.at("/partitions/0/state").asText());
        assertEquals(9, json.at("/partitions/0/step").asInt());
        assertTrue(json.at("/partitions/0/snapshotTime").isNull());
        assertEquals(77, json.at("/anomalies/0/offset").asInt());
        assertEquals(0.002, json.at("/anomalies/0/pValue").asDouble(), 1e-6);
        assertEquals(9, json.at("/gan/0/step").asInt());
        assertTrue(json.at("/vae").isEmpty());

        HttpResponse<byte[]> image = client.send(
                HttpRequest.newBuilder(http.uri()
                                .resolve("api/images/"
                                        + json.at("/anomalies/0/id").asLong()))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        assertEquals("image/png", image.headers().firstValue("Content-Type").orElseThrow());
        assertArrayEquals(png, image.body());

        JsonNode later = new ObjectMapper()
                .readTree(get("api/live?range=recent&since=1000000").body());
        assertTrue(later.at("/series/time").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing",
                "metrics/",
                "api/",
                "api/images/",
                "api/images/1",
                "api/images/x",
                "../pom.xml",
                "page/index.html"
            })
    void whatIsNotThereIs404(String path) throws Exception {
        assertEquals(404, get(path).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"range=week", "since=-1", "since=99999999999999999999", "x"})
    void aBadParameterIs400(String query) throws Exception {
        assertEquals(400, get("api/live?" + query).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void onlyGetAndHeadAreAnswered(String method) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(http.uri().resolve("metrics"))
                        .method(method, HttpRequest.BodyPublishers.ofString("x"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(405, response.statusCode());
        assertEquals("GET, HEAD", response.headers().firstValue("Allow").orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "health/ready", "nothing"})
    void headIsGetWithoutABody(String path) throws Exception {
        HttpResponse<String> got = get(path);
        HttpResponse<String> head = client.send(
                HttpRequest.newBuilder(http.uri().resolve(path))
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertEquals(got.statusCode(), head.statusCode());
        assertEquals("", head.body());
        for (String name : List.of("Content-Type", "Content-Length")) {
            assertEquals(got.headers().firstValue(name), head.headers().firstValue(name), name);
        }
    }

    @Test
    void aFailingHealthIsNoDeadConnection() throws Exception {
        health.set(null);
        assertEquals(500, get("health/live").statusCode());
    }

    @Test
    void aTakenPortIsOneClearLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            IOException e = assertThrows(
                    IOException.class, () -> HttpEndpoint.start("127.0.0.1", port, telemetry, health::get));
            assertEquals(
                    "http.listen 127.0.0.1:" + port + ": port " + port + " is taken; choose another or 0",
                    e.getMessage());
        }
    }

    @Test
    void aBadHostOrPortIsOneClearLine() {
        IOException foreign =
                assertThrows(IOException.class, () -> HttpEndpoint.start("192.0.2.1", 0, telemetry, health::get));
        assertTrue(foreign.toString().contains(": http.listen 192.0.2.1:0: cannot listen there"), foreign::toString);
        IOException unknown =
                assertThrows(IOException.class, () -> HttpEndpoint.start("no host", 0, telemetry, health::get));
        assertTrue(unknown.toString().contains("host no host is unknown"), unknown::toString);
        IOException port =
                assertThrows(IOException.class, () -> HttpEndpoint.start("127.0.0.1", 65536, telemetry, health::get));
        assertEquals("http.listen 127.0.0.1:65536: a port is 0 to 65535", port.getMessage());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(http.uri() + path))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
