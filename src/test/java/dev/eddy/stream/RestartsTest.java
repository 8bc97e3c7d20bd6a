package dev.eddy.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class RestartsTest {

    private final List<Long> pauses = new ArrayList<>();
    private long nanos;
    private final Restarts restarts = new Restarts(pauses::add, () -> nanos);

    private StreamThreadExceptionResponse handle(Throwable cause) {
        return restarts.handle(new StreamsException("task 0_0", cause));
    }

    @Test
    void aBrokerThatIsAwayIsWaitedForWithLongerAndLongerPauses() {
        for (int i = 0; i < 100; i++) {
            assertEquals(StreamThreadExceptionResponse.REPLACE_THREAD, handle(new TimeoutException("no broker")));
        }
        assertEquals(List.of(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L), pauses.subList(0, 7));
        assertEquals(30_000L, pauses.get(99));
        assertEquals("", restarts.fatal());
    }

    @Test
    void afterAQuietTimeThePausesBeginAnew() {
        handle(new TimeoutException("no broker"));
        handle(new TimeoutException("no broker"));
        nanos += 600_000_000_000L;
        handle(new TimeoutException("no broker"));
        assertEquals(List.of(1_000L, 2_000L, 1_000L), pauses);
    }

    @Test
    void whatNoRetryMendsEndsItWithTheReasonAlone() {
        assertEquals(
                StreamThreadExceptionResponse.SHUTDOWN_CLIENT,
                handle(new SaslAuthenticationException("Authentication failed")));
        assertEquals("Authentication failed", restarts.fatal());
        assertEquals(StreamThreadExceptionResponse.SHUTDOWN_CLIENT, handle(new TopicAuthorizationException("scores")));
        assertEquals("Authentication failed", restarts.fatal(), "the first reason stays");
        assertEquals(List.of(), pauses);
    }

    @Test
    void aMemoryThatIsFullEndsIt() {
        assertEquals(StreamThreadExceptionResponse.SHUTDOWN_CLIENT, restarts.handle(new OutOfMemoryError("heap")));
    }

    @Test
    void anUnknownFaultIsTriedAFewTimes() {
        int tries = 0;
        while (handle(new IllegalStateException("bug")) == StreamThreadExceptionResponse.REPLACE_THREAD) {
            tries++;
        }
        assertEquals(5, tries);
        assertFalse(restarts.fatal().isEmpty());
    }

    @Test
    void anUnknownFaultAfterAnOutageIsTriedAsOften() {
        for (int i = 0; i < 20; i++) {
            handle(new TimeoutException("no broker"));
        }
        anUnknownFaultIsTriedAFewTimes();
    }
}
