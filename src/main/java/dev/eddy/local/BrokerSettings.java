package dev.eddy.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * How an {@link EmbeddedBroker} is to run.
 *
 * @param directory where its data lie and stay; empty for a temporary directory that goes with the broker
 * @param port of the first listener on the loopback interface, 1 to 65535, or 0 for a free one
 * @param listeners their protocols, at least one; each is named as its protocol, and the broker talks to itself over
 *     the first. Those after the first get free ports.
 * @param scramUsers in the form of {@code kafka-storage format --add-scram},
 *     {@code SCRAM-SHA-512=[name=alice,password=secret]}; known from the first start of a directory on
 * @param properties of the broker, over its own settings for a small machine
 */
public record BrokerSettings(
        Optional<Path> directory,
        int port,
        List<SecurityProtocol> listeners,
        List<String> scramUsers,
        Map<String, String> properties) {

    /** A temporary directory, a free port, no security. */
    public static final BrokerSettings TEMPORARY =
            new BrokerSettings(Optional.empty(), 0, List.of(SecurityProtocol.PLAINTEXT), List.of(), Map.of());

    public BrokerSettings {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
        if (listeners.isEmpty()) {
            throw new IllegalArgumentException("a broker without listeners");
        }
        listeners = List.copyOf(listeners);
        scramUsers = List.copyOf(scramUsers);
        properties = Map.copyOf(properties);
    }

    /** The same with data that stay. */
    public BrokerSettings in(Path kept) {
        return new BrokerSettings(Optional.of(kept), port, listeners, scramUsers, properties);
    }

    /** The same on a given port. */
    public BrokerSettings on(int newPort) {
        return new BrokerSettings(directory, newPort, listeners, scramUsers, properties);
    }

    /** The same with a further listener. */
    public BrokerSettings listening(SecurityProtocol protocol) {
        List<SecurityProtocol> more = new ArrayList<>(listeners);
        more.add(protocol);
        return new BrokerSettings(directory, port, more, scramUsers, properties);
    }

    /** The same with a user who signs in by SCRAM-SHA-512. */
    public BrokerSettings withScramUser(String name, String password) {
        List<String> more = new ArrayList<>(scramUsers);
        more.add("SCRAM-SHA-512=[name=" + name + ",password=" + password + "]");
        return new BrokerSettings(directory, port, listeners, more, properties);
    }

    /** The same with a property of the broker. */
    public BrokerSettings with(String key, String value) {
        Map<String, String> more = new HashMap<>(properties);
        more.put(key, value);
        return new BrokerSettings(directory, port, listeners, scramUsers, more);
    }
}
