package dev.eddy.local;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker, its own controller, in this process: for the demonstration, for trying things and for tests. It
 * listens on the loopback interface only, keeps internal topics in one replica and few partitions, and creates no
 * topic by itself. What it has acknowledged survives the death of the process when its directory is kept. All methods
 * may be called by any thread.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private static final String HOST = "localhost";
    static final String CONTROLLER = "CONTROLLER";
    static final int NODE = 1;
    private static final int ATTEMPTS = 100;
    private static final int LOWEST_PORT = 20_000;
    private static final int LOWEST_EPHEMERAL_PORT = 32_768; // Linux; others begin at 49,152

    private final BrokerDirectory directory;
    private final KafkaRaftServer server;
    private final Map<SecurityProtocol, Integer> ports;
    private boolean closed;

    private EmbeddedBroker(BrokerDirectory directory, KafkaRaftServer server, Map<SecurityProtocol, Integer> ports) {
        this.directory = directory;
        this.server = server;
        this.ports = ports;
    }

    /**
     * Starts a broker and returns when it takes requests.
     *
     * @throws BrokerException if the port or the directory is taken, or the directory holds something else
     */
    public static EmbeddedBroker start(BrokerSettings settings) {
        BrokerDirectory directory = BrokerDirectory.open(settings);
        boolean started = false;
        try {
            EmbeddedBroker broker = start(settings, directory);
            started = true;
            return broker;
        } catch (BrokerException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new BrokerException("the embedded broker does not start: " + e.getMessage(), e);
        } finally {
            if (!started) {
                directory.close();
            }
        }
    }

    private static EmbeddedBroker start(BrokerSettings settings, BrokerDirectory directory) {
        List<Integer> free = freePorts(settings);
        Map<SecurityProtocol, Integer> ports = new LinkedHashMap<>();
        for (SecurityProtocol protocol : settings.listeners()) {
            ports.put(protocol, free.get(ports.size()));
        }
        int controllerPort = free.get(ports.size());
        Map<String, String> properties = properties(settings, directory.path(), ports, controllerPort);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        try {
            server.startup();
        } catch (RuntimeException e) {
            server.shutdown();
            throw e;
        }
        return new EmbeddedBroker(directory, server, ports);
    }

    /** {@code host:port} of the first listener. */
    public String bootstrapServers() {
        return bootstrapServers(ports.keySet().iterator().next());
    }

    /**
     * {@code host:port} of a protocol's listener.
     *
     * @throws IllegalArgumentException if there is none
     */
    public String bootstrapServers(SecurityProtocol protocol) {
        Integer port = ports.get(protocol);
        if (port == null) {
            throw new IllegalArgumentException("no listener of " + protocol + ": " + ports.keySet());
        }
        return HOST + ":" + port;
    }

    /** Where its data lie. */
    public Path directory() {
        return directory.path();
    }

    /** Stops the broker, and removes its directory if it is a temporary one. A second call does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            server.shutdown();
            server.awaitShutdown();
            directory.close();
        }
    }

    /** One port for each listener and one for the controller, all free at the same moment. */
    private static List<Integer> freePorts(BrokerSettings settings) {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i <= settings.listeners().size(); i++) {
                ServerSocket socket = new ServerSocket();
                sockets.add(socket);
                socket.setReuseAddress(true);
                if (i == 0 && settings.port() != 0) {
                    bind(socket, settings.port());
                } else {
                    bindBelowEphemeral(socket);
                }
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new BrokerException("no free port for the embedded broker: " + e.getMessage(), e);
        } finally {
            for (ServerSocket socket : sockets) {
                release(socket);
            }
        }
    }

    /** Not one of the ports that outgoing connections are given, which may take it before the broker does. */
    private static void bindBelowEphemeral(ServerSocket socket) throws IOException {
        for (int left = ATTEMPTS; ; left--) {
            try {
                int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, LOWEST_EPHEMERAL_PORT);
                socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
                return;
            } catch (BindException e) {
                if (left == 0) {
                    throw e;
                }
            }
        }
    }

    private static void bind(ServerSocket socket, int port) throws IOException {
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName(HOST), port));
        } catch (IOException e) {
            throw new BrokerException(
                    "port " + port + " is taken or not allowed (" + e.getMessage()
                            + "): name another, or 0 for a free one",
                    e);
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new BrokerException("cannot close a socket: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> properties(
            BrokerSettings settings, Path directory, Map<SecurityProtocol, Integer> ports, int controllerPort) {
        StringBuilder listeners = new StringBuilder();
        StringBuilder protocols = new StringBuilder();
        ports.forEach((protocol, port) -> {
            listeners
                    .append(protocol)
                    .append("://")
                    .append(HOST)
                    .append(':')
                    .append(port)
                    .append(',');
            protocols.append(protocol).append(':').append(protocol).append(',');
        });
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", Integer.toString(NODE));
        properties.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
        properties.put("controller.listener.names", CONTROLLER);
        properties.put("listeners", listeners + CONTROLLER + "://" + HOST + ":" + controllerPort);
        properties.put("listener.security.protocol.map", protocols + CONTROLLER + ":PLAINTEXT");
        properties.put("inter.broker.listener.name", settings.listeners().get(0).name);
        properties.put("log.dirs", directory.toString());
        properties.putAll(SMALL);
        properties.putAll(settings.properties());
        return properties;
    }

    /** One machine, one disk, little memory: what the defaults for a cluster would waste. */
    private static final Map<String, String> SMALL = Map.ofEntries(
            Map.entry("auto.create.topics.enable", "false"),
            Map.entry("default.replication.factor", "1"),
            Map.entry("min.insync.replicas", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("offsets.topic.num.partitions", "5"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.state.log.num.partitions", "5"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20)),
            Map.entry("num.network.threads", "2"),
            Map.entry("num.io.threads", "4"),
            Map.entry("background.threads", "2"));
}
