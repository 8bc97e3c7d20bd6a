package dev.eddy.cli;

import dev.eddy.local.OutgoingImage;
import dev.eddy.local.SampleStream;
import dev.eddy.stream.EddyStreams;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The course of a demonstration once broker and learner are started. Not thread-safe. */
final class Demonstration {

    private static final Logger LOG = LoggerFactory.getLogger(Demonstration.class);
    private static final Duration GLANCE = Duration.ofMillis(100);
    private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

    private final EddyConfig config;
    private final SampleStream samples;
    private final Endpoints endpoints;
    private final EddyStreams streams;
    private final Stop stop;
    private final AtomicLong worked = new AtomicLong();

    Demonstration(EddyConfig config, SampleStream samples, Endpoints endpoints, EddyStreams streams, Stop stop) {
        this.config = config;
        this.samples = samples;
        this.endpoints = endpoints;
        this.streams = streams;
        this.stop = stop;
    }

    /** Streams images until the command is to stop; the page shows what comes of it. */
    void goOn(long limit, double perSecond) throws InterruptedException {
        if (!awaitReady()) {
            return;
        }
        Status status = new Status(LOG);
        try (DemoFeed feed = feed(limit, perSecond);
                Progress progress = Progress.of("images", limit == Long.MAX_VALUE ? Progress.UNKNOWN : limit)) {
            while (!stop.await(Duration.ofSeconds(1))) {
                feed.check();
                checkRunning();
                worked.set(endpoints.metrics().worked());
                progress.at(worked.get());
                status.tellEveryMinute(endpoints);
            }
        }
    }

    /** Streams so many images and judges what comes of them. */
    DemoSummary sumUp(long limit, double perSecond) throws InterruptedException {
        if (!awaitReady()) {
            throw new InterruptedException();
        }
        try (ScoreFollower scores = new ScoreFollower(
                        config.bootstrapServers(), config.text("scores.topic"), OutgoingImage.DAMAGE_HEADER);
                DemoFeed feed = feed(limit, perSecond);
                Progress progress = Progress.of("images", limit)) {
            long deadLettered = 0;
            long sinceNanos = System.nanoTime();
            while (scores.scored() + deadLettered < limit) {
                long before = scores.scored();
                scores.poll(GLANCE);
                if (scores.scored() == before) {
                    deadLettered = endpoints.metrics().count("eddy_records_dead_lettered_total");
                    checkPatience(sinceNanos, scores.scored());
                } else {
                    sinceNanos = System.nanoTime();
                }
                feed.check();
                checkRunning();
                if (stop.isRequested()) {
                    throw new InterruptedException();
                }
                worked.set(scores.scored() + deadLettered);
                progress.at(worked.get());
            }
            return DemoSummary.of(endpoints.metrics(), scores, feed.startNanos(), sinceStart(scores.firstNanos()));
        }
    }

    private DemoFeed feed(long limit, double perSecond) {
        return DemoFeed.start(
                config.bootstrapServers(), config.text("input.topic"), samples, limit, perSecond, worked::get);
    }

    /** Whether the learner is; not if the command is to stop before. */
    private boolean awaitReady() throws InterruptedException {
        long startNanos = System.nanoTime();
        while (!streams.health().ready()) {
            checkRunning();
            checkPatience(startNanos, 0);
            if (stop.await(Duration.ofMillis(20))) {
                return false;
            }
        }
        return true;
    }

    private void checkRunning() throws InterruptedException {
        if (streams.awaitEnd(Duration.ZERO)) {
            throw CommandException.failure(streams.failure());
        }
    }

    private static void checkPatience(long sinceNanos, long scored) {
        if (System.nanoTime() - sinceNanos > PATIENCE_NANOS) {
            throw CommandException.failure("no score in two minutes, after " + scored + "; --verbose logs more");
        }
    }

    /** Seconds from the start of the process to a {@link System#nanoTime}. */
    private static double sinceStart(long nanos) {
        long upMillis = ManagementFactory.getRuntimeMXBean().getUptime();
        return upMillis / 1e3 - (System.nanoTime() - nanos) / 1e9;
    }
}
