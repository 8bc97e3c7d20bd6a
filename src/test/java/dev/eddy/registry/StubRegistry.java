package dev.eddy.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.eddy.image.AvroImages;
import dev.eddy.image.Image;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Answers what Apicurio's client asks for to read a record, as a registry does in its REST protocol of version 2, and
 * fails on demand. {@link RegistryIT} reads and writes with a real one.
 */
public final class StubRegistry implements AutoCloseable {

    /** What every request is answered with. */
    public enum Mood {
        WELL,
        BROKEN,
        FORBIDDING,
        ANOTHER_SERVER,
        SILENT
    }

    public volatile Mood mood = Mood.WELL;
    public final AtomicInteger requests = new AtomicInteger();
    private final Map<String, String> schemas = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;

    public StubRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort();
    }

    public void put(long globalId, String schema) {
        schemas.put(Long.toString(globalId), schema);
    }

    /** A record as Apicurio's serializer writes it: a zero byte, the schema's id, and the image. */
    public static byte[] record(long globalId, Image image) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(0);
            out.write(ByteBuffer.allocate(8).putLong(globalId).array());
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<GenericRecord>(AvroImages.SCHEMA).write(AvroImages.record(image), encoder);
            encoder.flush();
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        switch (mood) {
            case WELL -> wellAnswer(exchange);
            case BROKEN ->
                send(exchange, 500, "{\"error_code\":500,\"name\":\"SqlException\",\"message\":\"no disk\"}");
            case FORBIDDING -> send(exchange, 401, "");
            case ANOTHER_SERVER -> send(exchange, 404, "<html>no such page</html>");
            case SILENT -> {
                try {
                    closed.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    private void wellAnswer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String ids = "/apis/registry/v2/ids/globalIds/";
        if (path.equals("/apis/registry/v2/users/me")) {
            send(exchange, 200, "{\"username\":\"\"}");
        } else if (path.startsWith(ids) && path.endsWith("/references")) {
            send(exchange, 200, "[]");
        } else if (path.startsWith(ids) && schemas.containsKey(path.substring(ids.length()))) {
            send(exchange, 200, schemas.getOrDefault(path.substring(ids.length()), ""));
        } else {
            send(
                    exchange,
                    404,
                    "{\"error_code\":404,\"name\":\"ArtifactNotFoundException\",\"message\":\"No artifact with ID '"
                            + path.substring(path.lastIndexOf('/') + 1) + "' was found.\"}");
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
    }
}
