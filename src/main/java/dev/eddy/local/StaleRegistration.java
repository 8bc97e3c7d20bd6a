package dev.eddy.local;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/**
 * The registration that a killed broker has left with its controller. While it counts, which it does for the broker's
 * session of 9 s, a new process is not let in, and believes that it still leads its partitions. A transaction that was
 * about to end when the old one died then loses the markers that are still to be written when the session ends: half
 * of it is committed, and half is not (KAFKA-20734, brokers 4.3.0 to 4.4.0 at least). Without the registration a new
 * process leads nothing before it is let in, which is at once.
 */
final class StaleRegistration {

    private static final long PATIENCE_SECONDS = 20;

    private StaleRegistration() {}

    /**
     * Takes it back, with the controller alone running.
     *
     * @param properties of broker and controller
     * @param controller address of the controller
     * @throws BrokerException if the controller does not do it
     */
    static void remove(Map<String, String> properties, String controller) {
        Map<String, String> alone = new LinkedHashMap<>(properties);
        alone.put("process.roles", "controller");
        alone.put("listeners", EmbeddedBroker.CONTROLLER + "://" + controller);
        alone.remove("inter.broker.listener.name");
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(alone, false), Time.SYSTEM);
        try {
            server.startup();
            unregister(controller, properties.get("log.dirs"));
        } finally {
            server.shutdown();
            server.awaitShutdown();
        }
    }

    private static void unregister(String controller, @Nullable String directory) {
        try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_CONTROLLERS_CONFIG, controller))) {
            admin.unregisterBroker(EmbeddedBroker.NODE).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
                throw failure(directory, String.valueOf(e.getCause()), e);
            }
        } catch (TimeoutException e) {
            throw failure(directory, "no answer for " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerException("interrupted while the controller starts", e);
        }
    }

    private static BrokerException failure(@Nullable String directory, String reason, Exception cause) {
        return new BrokerException(
                "the broker that was killed in " + directory + " is still registered there, and its controller does not"
                        + " take that back: " + reason + " (start it again, or name another directory)",
                cause);
    }
}
