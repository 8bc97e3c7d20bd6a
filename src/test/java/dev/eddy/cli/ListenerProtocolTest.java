package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers of either kind, asked by clients that do not use TLS. */
class ListenerProtocolTest {

    private static final String CLOSED = "localhost:1";

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT", "SASL_PLAINTEXT", "plaintext"})
    void aTlsListenerIsTold(String protocol) throws Exception {
        try (ServerSocket tls = tls()) {
            CompletableFuture<Void> served =
                    serve(tls, socket -> socket.getInputStream().read());
            CommandException told = assertThrows(
                    CommandException.class,
                    () -> ListenerProtocol.check(
                            Map.of("bootstrap.servers", address(tls), "security.protocol", protocol), "--config"));
            assertEquals(
                    address(tls) + " speaks TLS, security.protocol is " + protocol.toUpperCase(Locale.ROOT)
                            + ": set it to SSL or SASL_SSL in the file of --config",
                    told.getMessage());
            assertEquals(1, told.exitCode());
            assertThrows(CompletionException.class, served::join); // no plain bytes for it
        }
    }

    @Test
    void theProtocolIsPlaintextUnlessSetAndTheNextServerIsAskedWhereOneIsSilent() throws Exception {
        try (ServerSocket tls = tls();
                ServerSocket closing = plain()) {
            CompletableFuture<Void> last =
                    serve(tls, socket -> socket.getInputStream().read());
            CompletableFuture<Void> before = serve(closing, socket -> {});
            String servers = CLOSED + ", no address, no.such.host.invalid:9, " + address(closing) + ", " + address(tls);
            assertThrows(CommandException.class, () -> check(Map.of("bootstrap.servers", servers)));
            before.get(1, TimeUnit.MINUTES);
            assertThrows(CompletionException.class, last::join);
        }
    }

    @Test
    void aPlainListenerIsAskedAsKafkasClientsAsk() throws Exception {
        try (ServerSocket plain = plain();
                ServerSocket tls = tls()) {
            CompletableFuture<Void> served = serve(plain, ListenerProtocolTest::answerAsABroker);
            assertDoesNotThrow(() -> check(Map.of("bootstrap.servers", address(plain) + "," + address(tls))));
            served.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void whatDoesNotAnswerIsLeftToTheClient() throws Exception {
        try (ServerSocket silent = plain()) {
            assertDoesNotThrow(() -> check(Map.of("bootstrap.servers", address(silent) + "," + CLOSED)));
        }
    }

    @Test
    void whoUsesTlsAsksNothing() throws Exception {
        try (ServerSocket tls = tls()) {
            CompletableFuture<Void> served = serve(tls, socket -> {});
            for (String key : new String[] {"security.protocol", "consumer.security.protocol"}) {
                Map<String, Object> properties = new HashMap<>();
                properties.put("bootstrap.servers", address(tls));
                properties.put(key, "SSL");
                assertDoesNotThrow(() -> check(properties));
            }
            assertFalse(served.isDone());
        }
    }

    private static void check(Map<String, Object> properties) {
        ListenerProtocol.check(properties, "--config");
    }

    private static void answerAsABroker(Socket socket) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        ByteBuffer request = ByteBuffer.wrap(in.readNBytes(in.readInt()));
        RequestHeader header = RequestHeader.parse(request);
        assertEquals(
                "ApiVersions v0 of eddy",
                header.apiKey().name + " v" + header.apiVersion() + " of " + header.clientId());
        new ApiVersionsRequestData(new ByteBufferAccessor(request), (short) 0);
        assertFalse(request.hasRemaining());
        ByteBuffer response = MessageUtil.toByteBufferAccessor(new ApiVersionsResponseData(), (short) 0)
                .buffer();
        byte[] frame = ByteBuffer.allocate(8 + response.remaining())
                .putInt(4 + response.remaining())
                .putInt(header.correlationId())
                .put(response)
                .array();
        assertEquals(0, frame[0]);
        socket.getOutputStream().write(frame);
    }

    private interface Conversation {
        void hold(Socket socket) throws IOException;
    }

    /** One connection. */
    private static CompletableFuture<Void> serve(ServerSocket server, Conversation conversation) {
        Runnable connection = () -> {
            try (Socket socket = server.accept()) {
                conversation.hold(socket);
            } catch (IOException e) {
                throw new CompletionException(e);
            }
        };
        return CompletableFuture.runAsync(connection, task -> new Thread(task, "server").start());
    }

    private static ServerSocket tls() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, null, null); // it never comes to showing a certificate
        return context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static ServerSocket plain() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static String address(ServerSocket server) {
        return server.getInetAddress().getHostAddress() + ":" + server.getLocalPort();
    }
}
