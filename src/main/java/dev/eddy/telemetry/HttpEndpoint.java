package dev.eddy.telemetry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side of an application: {@code /metrics}, {@code /health/live}, {@code /health/ready}, the live page at
 * {@code /} and its data under {@code /api/}. Answers GET and HEAD alone. Has no login: listen on loopback, or put a
 * proxy that has one before it.
 */
public final class HttpEndpoint implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final int THREADS = 4;

    // A client that never ends its request, or never reads the answer, must not keep a thread from probes. The JDK's
    // server reads these, in seconds, when its first instance is created.
    static {
        setUnlessGiven("sun.net.httpserver.maxReqTime", "5");
        setUnlessGiven("sun.net.httpserver.maxRspTime", "30");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final URI uri;

    private HttpEndpoint(HttpServer server, ExecutorService threads, URI uri) {
        this.server = server;
        this.threads = threads;
        this.uri = uri;
    }

    /**
     * Listens and answers until closed.
     *
     * @param host name or address to listen on, 127.0.0.1 for this machine alone
     * @param port 0 to 65535; 0 takes a free one
     * @param health asked at each probe, on any thread
     * @throws IOException with one line that names the address and the remedy
     */
    public static HttpEndpoint start(String host, int port, Telemetry telemetry, Supplier<Health> health)
            throws IOException {
        String listen = "http.listen " + host + ":" + port + ": ";
        if (port < 0 || port > 65535) {
            throw new IOException(listen + "a port is 0 to 65535");
        }
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IOException(
                    listen + "host " + host + " is unknown; use 127.0.0.1 or an address of this machine", e);
        }
        HttpServer server;
        try {
            server = HttpServer.create(new InetSocketAddress(address, port), 0);
        } catch (BindException e) {
            boolean taken = String.valueOf(e.getMessage()).contains("already in use");
            throw new IOException(
                    listen
                            + (taken
                                    ? "port " + port + " is taken; choose another or 0"
                                    : "cannot listen there (" + e.getMessage() + "); use an address of this machine"
                                            + " and a port that this user may take"),
                    e);
        }
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "eddy-http-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        telemetry.health(health);
        Routes routes = new Routes(telemetry, health);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, routes));
        server.start();
        String name = address.isAnyLocalAddress() ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return new HttpEndpoint(
                server,
                threads,
                URI.create("http://" + name + ":" + server.getAddress().getPort() + "/"));
    }

    private static void setUnlessGiven(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** The port, also when a free one was asked for. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The page's address, with a trailing slash. */
    public URI uri() {
        return uri;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void answer(HttpExchange exchange, Routes routes) throws IOException {
        try (exchange) {
            Reply reply;
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (!head && !exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                reply = Reply.text(405, "only GET and HEAD");
            } else {
                reply = reply(exchange, routes);
            }
            var headers = exchange.getResponseHeaders();
            headers.set("Content-Type", reply.contentType());
            headers.set("Cache-Control", reply.cacheControl());
            headers.set("X-Content-Type-Options", "nosniff");
            headers.set("Referrer-Policy", "no-referrer");
            headers.set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'none'");
            if (head) {
                headers.set("Content-Length", Integer.toString(reply.body().length));
                exchange.sendResponseHeaders(reply.status(), -1);
                return;
            }
            exchange.sendResponseHeaders(reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
            exchange.getResponseBody().write(reply.body());
        }
    }

    private static Reply reply(HttpExchange exchange, Routes routes) {
        try {
            return routes.get(exchange.getRequestURI());
        } catch (RuntimeException e) {
            LOG.warn("{} failed", exchange.getRequestURI(), e);
            return Reply.text(500, "failed; the log says why");
        }
    }

    /** An answer; the body is not written to once made. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Reply(int status, String contentType, String cacheControl, byte[] body) {

        static Reply of(int status, String contentType, byte[] body) {
            return new Reply(status, contentType, "no-store", body);
        }

        static Reply text(int status, String line) {
            return of(status, "text/plain; charset=utf-8", (line + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }
}
