package dev.eddy.cli;

import dev.eddy.stream.EddyStreams;
import dev.eddy.stream.Models;
import dev.eddy.stream.StreamSettings;
import dev.eddy.stream.StreamStartException;
import dev.eddy.telemetry.Health;
import dev.eddy.telemetry.HttpEndpoint;
import dev.eddy.telemetry.Telemetry;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The meters and the HTTP endpoints of this process, there before the learner is and after it. */
final class Endpoints implements AutoCloseable {

    private static final Health STARTING = new Health("STARTING", true, false, "waiting for the cluster");

    private final Telemetry telemetry;
    private final HttpEndpoint http;
    private volatile @Nullable EddyStreams streams;

    private Endpoints(String applicationId, ListenAddress listen) throws IOException {
        telemetry = new Telemetry(applicationId);
        try {
            http = HttpEndpoint.start(listen.host(), listen.port(), telemetry, this::health);
        } catch (IOException e) {
            telemetry.close();
            throw e;
        }
    }

    /**
     * Listens.
     *
     * @throws CommandException if the address is taken or is none of this machine
     */
    static Endpoints open(EddyConfig config) {
        try {
            return new Endpoints(config.applicationId(), config.httpListen());
        } catch (IOException e) {
            throw CommandException.failure(Errors.line(e), e);
        }
    }

    /**
     * Starts the learner, and tells of it from then on. The caller closes it.
     *
     * @param models what partitions without a snapshot begin with
     * @throws StreamStartException if the cluster, a topic or a stored snapshot is not as it must be
     */
    EddyStreams start(StreamSettings settings, Models models) throws StreamStartException {
        EddyStreams started = EddyStreams.start(settings, models, telemetry);
        streams = started;
        return started;
    }

    /** How the application is now. */
    Health health() {
        EddyStreams running = streams;
        return running == null ? STARTING : running.health();
    }

    /** The page's address. */
    URI page() {
        return http.uri();
    }

    /** What {@code /metrics} serves now. */
    MetricsText metrics() {
        return MetricsText.of(telemetry.scrape());
    }

    @Override
    public void close() {
        http.close();
        telemetry.close();
    }
}
