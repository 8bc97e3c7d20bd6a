package dev.eddy.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A broker in a process of its own, which can be killed. */
final class BrokerProcess implements AutoCloseable {

    private static final String READY = "ready ";

    private final Process process;
    private final String bootstrapServers;

    private BrokerProcess(Process process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    static BrokerProcess start(Path directory) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx384m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerProcess.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        StringBuilder output = new StringBuilder();
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith(READY)) {
                drain(reader);
                return new BrokerProcess(process, line.substring(READY.length()));
            }
            output.append(line).append('\n');
        }
        throw new IllegalStateException("the broker has ended:\n" + output);
    }

    /** A full pipe would stop the broker. */
    private static void drain(BufferedReader reader) {
        Thread drain = new Thread(() -> reader.lines().forEach(line -> {}), "broker-output");
        drain.setDaemon(true);
        drain.start();
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** Ends the process as SIGKILL does. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    public static void main(String[] args) throws InterruptedException {
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY.in(Path.of(args[0])));
        System.out.println(READY + broker.bootstrapServers());
        new CountDownLatch(1).await();
    }
}
