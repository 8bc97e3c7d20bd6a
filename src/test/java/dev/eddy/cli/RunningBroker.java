package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The command {@code broker}, on a thread of this process until it is stopped. */
final class RunningBroker {

    private final RunningCommand command;
    private final JsonNode address;

    /** Starts it, with further arguments. */
    RunningBroker(String... more) throws Exception {
        command = new RunningCommand(
                Stream.concat(Stream.of("broker", "--json"), Stream.of(more)).toArray(String[]::new));
        address = new ObjectMapper().readTree(command.firstLine());
    }

    String servers() {
        return address.required("bootstrapServers").asText();
    }

    Path directory() {
        return Path.of(address.required("directory").asText());
    }

    /** Stops it as a signal would, which it has to take well; a second time does nothing. */
    void stop() throws Exception {
        assertEquals(0, command.stop(), command.err());
    }
}
