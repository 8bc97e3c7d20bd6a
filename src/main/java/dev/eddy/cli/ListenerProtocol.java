package dev.eddy.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Utils;

/**
 * Whether brokers speak TLS where a client is configured not to. A TLS server answers such a client with an alert, which
 * Kafka's clients take for the size of a message of 352 MB: they make room for it, and run out of memory where there is
 * less (KAFKA-4090). So one is asked before the first client is opened.
 */
final class ListenerProtocol {

    private static final int PATIENCE_MILLIS = 2_000;

    /** Content types of TLS records (RFC 8446, 5.1); a broker's answer begins with a zero, for it is under 16 MB. */
    private static final int ALERT = 21;

    private static final int HANDSHAKE = 22;

    private ListenerProtocol() {}

    /**
     * Asks the bootstrap servers in turn until one answers, two seconds for each address to connect and to answer. That
     * none does is for the client to find out.
     *
     * @param properties of a Kafka client
     * @param option that names the file where the protocol is set
     * @throws CommandException if the first that answers speaks TLS and the client would not
     */
    static void check(Map<String, ?> properties, String option) {
        if (!isPlain(properties)) {
            return;
        }
        String protocol = protocol(properties);
        for (String server : String.valueOf(properties.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG))
                .split(",", -1)) {
            OptionalInt answer = firstByteFrom(server.strip());
            if (answer.isPresent()) {
                if (answer.getAsInt() == ALERT || answer.getAsInt() == HANDSHAKE) {
                    throw CommandException.failure(server.strip() + " speaks TLS, security.protocol is " + protocol
                            + ": set it to SSL or SASL_SSL in the file of " + option);
                }
                return;
            }
        }
    }

    /** Whether no client uses TLS; where it is set for some clients alone, nothing is said of the others. */
    private static boolean isPlain(Map<String, ?> properties) {
        String key = CommonClientConfigs.SECURITY_PROTOCOL_CONFIG;
        String protocol = protocol(properties);
        return (protocol.equals(SecurityProtocol.PLAINTEXT.name)
                        || protocol.equals(SecurityProtocol.SASL_PLAINTEXT.name))
                && properties.keySet().stream().noneMatch(name -> name.endsWith("." + key));
    }

    private static String protocol(Map<String, ?> properties) {
        Object given = properties.get(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG);
        return given == null
                ? CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL
                : String.valueOf(given).strip().toUpperCase(Locale.ROOT);
    }

    /** The first byte of the answer to a request, from any of the host's addresses; empty if there is none. */
    private static OptionalInt firstByteFrom(String server) {
        String host = Utils.getHost(server);
        Integer port = Utils.getPort(server);
        OptionalInt first = OptionalInt.empty();
        if (host != null && port != null) {
            try {
                for (InetAddress address : InetAddress.getAllByName(host)) {
                    first = first.isPresent() ? first : firstByteFrom(new InetSocketAddress(address, port));
                }
            } catch (UnknownHostException | IllegalArgumentException e) {
                return first;
            }
        }
        return first;
    }

    private static OptionalInt firstByteFrom(InetSocketAddress address) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(address, PATIENCE_MILLIS);
            socket.getOutputStream().write(apiVersionsRequest());
            int first = socket.getInputStream().read();
            return first < 0 ? OptionalInt.empty() : OptionalInt.of(first);
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    /** An ApiVersions request of version 0, which brokers answer before any authentication (KIP-35, KIP-43). */
    private static byte[] apiVersionsRequest() {
        byte[] client = "eddy".getBytes(StandardCharsets.US_ASCII);
        int bytes = Short.BYTES + Short.BYTES + Integer.BYTES + Short.BYTES + client.length;
        return ByteBuffer.allocate(Integer.BYTES + bytes)
                .putInt(bytes)
                .putShort(ApiKeys.API_VERSIONS.id)
                .putShort((short) 0)
                .putInt(0) // the request's number on this connection
                .putShort((short) client.length)
                .put(client)
                .array();
    }
}
