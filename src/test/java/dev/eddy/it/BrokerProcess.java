package dev.eddy.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The command {@code broker} on a directory and a port that outlive its process. */
final class BrokerProcess implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private JarProcess process;
    private final String bootstrapServers;

    private BrokerProcess(Path folder) throws IOException {
        this.folder = folder;
        this.process = start(0);
        JsonNode address = JSON.readTree(process.out());
        this.bootstrapServers = address.required("bootstrapServers").asText();
    }

    /** Starts a broker without data on a free port, and waits until it takes requests. */
    static BrokerProcess start(Path folder) throws IOException {
        return new BrokerProcess(folder);
    }

    private JarProcess start(int port) throws IOException {
        JarProcess started = JarProcess.start(
                folder,
                List.of("-Xmx512m"),
                List.of(
                        "broker",
                        "--dir",
                        folder.resolve("broker").toString(),
                        "--port",
                        Integer.toString(port),
                        "--json"));
        started.awaitText("bootstrapServers");
        return started;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    void kill() {
        process.kill();
    }

    /** Lets it answer nobody until {@link #resume}. */
    void pause() throws IOException, InterruptedException {
        process.pause();
    }

    void resume() throws IOException, InterruptedException {
        process.resume();
    }

    /** Starts another process on the same data and port. */
    void restart() throws IOException {
        process = start(Integer.parseInt(bootstrapServers.substring(bootstrapServers.lastIndexOf(':') + 1)));
    }

    String tail() {
        return process.tail();
    }

    @Override
    public void close() {
        process.close();
    }
}
