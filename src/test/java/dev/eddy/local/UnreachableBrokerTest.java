package dev.eddy.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnreachableBrokerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    @Test
    void nobodyListening() throws IOException {
        String servers = "localhost:" + freePort();
        assertGivesUp(servers, "broker " + servers + " has not answered within 1 s");
    }

    @Test
    void aListenerThatSaysNothing() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
            assertGivesUp("localhost:" + mute.getLocalPort(), "has not answered within 1 s");
        }
    }

    @Test
    void noSuchHost() {
        assertGivesUp("host.invalid:9092", "host.invalid:9092");
    }

    private static void assertGivesUp(String servers, String expected) {
        Map<String, String> client = Map.of("bootstrap.servers", servers);
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            BrokerException lookup = assertThrows(BrokerException.class, () -> {
                try (Topics topics = new Topics(client, PATIENCE)) {
                    topics.require("images");
                }
            });
            assertLine(lookup, expected);
            BrokerException sending = assertThrows(BrokerException.class, () -> {
                try (ImageProducer producer = new ImageProducer(client, "images", PATIENCE)) {
                    OutgoingImage image = new OutgoingImage(null, new byte[1], Map.of());
                    producer.send(() -> Optional.of(image), 10, ImageProducer.UNLIMITED, sent -> {});
                }
            });
            assertLine(sending, expected);
        });
    }

    private static void assertLine(BrokerException e, String expected) {
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains(expected), message);
        assertEquals(1, message.lines().count(), message);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
