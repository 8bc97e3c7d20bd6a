package dev.eddy.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** One tab of a headless Chromium, driven through its DevTools protocol. */
final class Chromium implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> replies = new ConcurrentHashMap<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();

    /** The browser's command, if it is installed. */
    static Optional<Path> installed() {
        return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator, -1))
                .flatMap(directory -> Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    Chromium(Path command) throws Exception {
        profile = Files.createTempDirectory("eddy-chromium");
        process = new ProcessBuilder(
                        command.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--disable-dev-shm-usage",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("log").toFile())
                .start();
        Path portFile = profile.resolve("DevToolsActivePort");
        Await.until(
                "Chromium listens",
                LIMIT,
                () -> Files.exists(portFile) && Files.readAllLines(portFile).size() > 1);
        String port = Files.readAllLines(portFile).get(0);
        JsonNode tabs = JSON.readTree(HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body());
        String address = "";
        for (JsonNode tab : tabs) {
            if (tab.path("type").asText().equals("page")) {
                address = tab.path("webSocketDebuggerUrl").asText();
            }
        }
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address), new Listener())
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        call("Page.enable", Map.of());
        call("Runtime.enable", Map.of());
        call("Log.enable", Map.of());
    }

    /** Returns when the page and its scripts are loaded. */
    void open(URI uri) throws Exception {
        evaluate("window.before = true");
        call("Page.navigate", Map.of("url", uri.toString()));
        Await.until(uri + " is loaded", LIMIT, () -> evaluate("!window.before && document.readyState === 'complete'")
                .asBoolean());
    }

    /** Window and theme. */
    void look(int width, int height, boolean dark) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 600));
        call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    }

    /** The value of a JavaScript expression; promises are awaited. */
    JsonNode evaluate(String expression) {
        JsonNode result =
                call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
        if (result.has("exceptionDetails")) {
            throw new IllegalStateException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.path("result").path("value");
    }

    /** A picture of the whole page, or of the window alone. */
    void screenshot(Path file, boolean whole) throws IOException {
        JsonNode result = call("Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", whole));
        Files.write(file, Base64.getDecoder().decode(result.path("data").asText()));
    }

    /** What the page has put on its console as an error, or failed to load or to catch. */
    List<String> errors() {
        return errors;
    }

    private JsonNode call(String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        CompletableFuture<JsonNode> reply = new CompletableFuture<>();
        replies.put(id, reply);
        ObjectNode message = JSON.createObjectNode();
        message.put("id", id).put("method", method).set("params", JSON.valueToTree(parameters));
        try {
            var unused = socket.sendText(message.toString(), true).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            return reply.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("Chromium does not answer " + method, e);
        }
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        @org.jspecify.annotations.Nullable
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                received(message);
            }
            socket.request(1);
            return null;
        }
    }

    private void received(String message) {
        try {
            JsonNode json = JSON.readTree(message);
            JsonNode parameters = json.path("params");
            switch (json.path("method").asText()) {
                case "Runtime.exceptionThrown" -> errors.add(parameters.toString());
                case "Log.entryAdded" -> {
                    if (parameters.path("entry").path("level").asText().equals("error")) {
                        errors.add(parameters.toString());
                    }
                }
                case "Runtime.consoleAPICalled" -> {
                    if (parameters.path("type").asText().equals("error")) {
                        errors.add(parameters.toString());
                    }
                }
                default -> {
                    CompletableFuture<JsonNode> reply =
                            replies.remove(json.path("id").asInt());
                    if (reply != null && json.has("error")) {
                        reply.completeExceptionally(
                                new IllegalStateException(json.get("error").toString()));
                    } else if (reply != null) {
                        reply.complete(json.path("result"));
                    }
                }
            }
        } catch (IOException e) {
            errors.add("not JSON: " + message);
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
        process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(profile)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            profile.toFile().deleteOnExit(); // a helper of the browser may still write while it ends
        }
    }
}
