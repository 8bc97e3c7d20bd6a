package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad input ends in one line that names it, with exit code 2 if it made no sense and 1 if it failed. */
class BadInputTest {

    /** A port that nothing listens on: reserved, and never given to a program. */
    static final String NO_BROKER = "localhost:1";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "broker --port 65536 | eddy broker: --port 65536: a port is 0 to 65535; see eddy broker --help",
                "broker --port nine | eddy broker: Invalid value for option '--port': 'nine' is not an int; see eddy broker --help",
                "produce --topic a/b --images i --bootstrap-server b | eddy produce: --topic a/b: a topic's name (letters, digits, '.', '_', '-'), at most 249 of them; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --rate 0 | eddy produce: --rate 0.0: over 0 to 1000000000; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --limit -1 | eddy produce: --limit -1: at least 0; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --partitions 0 | eddy produce: --partitions 0: 1 to 10000; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --format auto | eddy produce: --format auto: raw, png, jpeg, json, avro; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --format png --registry http://r | eddy produce: --registry http://r: an http or https URL, and only with --format avro; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --format avro --registry r:8 | eddy produce: --registry r:8: an http or https URL, and only with --format avro; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --format png --registry http://user:secret@r | eddy produce: --registry http://r: an http or https URL, and only with --format avro; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --format avro --registry user:s/e@c@r:8 | eddy produce: --registry r:8: an http or https URL, and only with --format avro; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --watch | eddy produce: --watch i: a folder that exists; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --watch --labels l | eddy produce: --labels: not with --watch, whose pictures have no order to label; see eddy produce --help",
                "produce --topic t --images i --bootstrap-server b --order size | eddy produce: --order size: name or modified; see eddy produce --help",
                "demo --set schema.registry.url=localhost:8080 | eddy demo: schema.registry.url = localhost:8080: must be an http or https URL, or empty",
                "demo --set schema.registry.url=http://r | eddy demo: schema.registry.url = http://r: only image.format = avro has schemas; leave one out or change the other",
                "demo --set schema.registry.url=user:secret@localhost:8080 | eddy demo: schema.registry.url = localhost:8080: must be an http or https URL, or empty",
                "demo --set schema.registry.url=http://user:secret@r | eddy demo: schema.registry.url = http://r: only image.format = avro has schemas; leave one out or change the other",
                "demo --records 0 | eddy demo: --records 0: at least 1; see eddy demo --help",
                "demo --rate fast | eddy demo: Invalid value for option '--rate': 'fast' is not a double; see eddy demo --help",
                "demo --partitions 0 | eddy demo: --partitions 0: 1 to 1000; see eddy demo --help",
                "demo --json | eddy demo: --json tells the summary, which there is with --exit; see eddy demo --help",
                "demo --set seed | eddy demo: Value for option '--set' (KEY=VALUE) should be in KEY=VALUE format but was seed; see eddy demo --help",
                "demo --set seed=x | eddy demo: seed = x: must be a whole number, of 64 bits",
                "demo --set image.width=32 | eddy demo: the bundled images are raw and of 28x28x1: leave image.width, image.height, image.channels and image.format at their defaults",
                "run | eddy run: Missing required option: '--config=FILE'; see eddy run --help",
                "models | eddy models: Missing required option: '--config=FILE'; see eddy models --help",
                "export --config c --out o | eddy export: Missing required option: '--format=FORMAT'; see eddy export --help",
                "export --config c --out o --format tflite | eddy export: --format tflite: safetensors or onnx; see eddy export --help",
                "export --config c --out o --format onnx --from here | eddy export: --from here: snapshot or models; see eddy export --help",
                "run --config c --role judge | eddy run: --role judge: learn or score; see eddy run --help",
                "run --config c --role score --from-model m | eddy run: --from-model is for --role learn: scorers keep no model; see eddy run --help",
                "export --config missing.properties --out o --format onnx | eddy export: missing.properties does not exist or is no file: name a properties file",
                "run --config missing.properties | eddy run: missing.properties does not exist or is no file: name a properties file",
                "models --config missing.properties | eddy models: missing.properties does not exist or is no file: name a properties file",
                "produce --topic t --images i | eddy produce: Missing required option: '--bootstrap-server=HOST:PORT'; see eddy produce --help",
            })
    void anOptionThatMakesNoSense(String command, String line) {
        CommandLineOf done = CommandLineOf.run(command.split(" "));
        assertAll(
                () -> assertEquals(line + "\n", done.err()),
                () -> assertEquals("", done.out()),
                () -> assertEquals(2, done.exitCode()));
    }

    @Test
    void aFileInThePlaceOfADirectory() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path config = Files.writeString(folder.resolve("eddy.properties"), "bootstrap.servers=" + NO_BROKER + "\n");
        String line = file + " is a file, where a directory is expected; name another with --";
        CommandLineOf.run("broker", "--dir", file.toString()).assertFailed(2, "eddy broker: " + line + "dir");
        CommandLineOf.run("broker", "--dir", file.resolve("data").toString())
                .assertFailed(2, "eddy broker: " + line + "dir");
        CommandLineOf.run("export", "--config", config.toString(), "--format", "onnx", "--out", file.toString())
                .assertFailed(2, "eddy export: " + line + "out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run --reset", "run --role score", "models", "export --format onnx --out exported"})
    void settingsThatKafkaRefuses(String command) throws IOException {
        Path file = Files.writeString(
                folder.resolve("eddy.properties"), "bootstrap.servers=" + NO_BROKER + "\nhttp.listen=127.0.0.1:0\n");
        String name = "eddy " + command.split(" ", -1)[0] + ": ";
        CommandLineOf.run((command + " --config " + file + " --set security.protocol=SSLL").split(" ", -1))
                .assertFailed(2, name + "Invalid value SSLL for configuration security.protocol: ", "SASL_SSL");
        CommandLineOf.run((command + " --config " + file + " --set bootstrap.servers=nonsense").split(" ", -1))
                .assertFailed(
                        2, name + "Invalid url in bootstrap.servers: nonsense: name brokers as HOST:PORT, with commas");
        CommandLineOf.run((command + " --config " + file + " --set bootstrap.servers=nowhere.invalid:9092")
                        .split(" ", -1))
                .assertFailed(
                        1,
                        name
                                + "No resolvable bootstrap urls given in bootstrap.servers: DNS knows none of these hosts");
    }

    @Test
    void aConfigurationThatIsNoText() throws IOException {
        Path file = Files.write(folder.resolve("eddy.properties"), new byte[] {'a', '=', (byte) 0xff, '\n'});
        CommandLineOf.run("run", "--config", file.toString())
                .assertFailed(2, "eddy run: " + file + " is no properties file in UTF-8");
    }

    @Test
    void aConfigurationWithoutABroker() throws IOException {
        Path file = Files.writeString(folder.resolve("eddy.properties"), "seed=7\n");
        CommandLineOf.run("run", "--config", file.toString()).assertFailed(2, "eddy run: bootstrap.servers is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run --reset", "models"})
    void aClusterThatCannotBeReached(String command) throws IOException {
        Path file = Files.writeString(
                folder.resolve("eddy.properties"),
                "bootstrap.servers=" + NO_BROKER
                        + "\nhttp.listen=127.0.0.1:0\ndefault.api.timeout.ms=1000\nrequest.timeout.ms=900\n");
        CommandLineOf.run((command + " --config " + file).split(" ", -1))
                .assertFailed(1, "eddy " + command.replace(" --reset", "") + ": ", NO_BROKER);
    }

    @Test
    void anHttpPortThatIsTaken() throws IOException {
        Path file = Files.writeString(folder.resolve("eddy.properties"), "bootstrap.servers=" + NO_BROKER + "\n");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            CommandLineOf.run("run", "--config", file.toString(), "--set", "http.listen=" + address)
                    .assertFailed(
                            1, "eddy run: http.listen " + address + ": port " + taken.getLocalPort() + " is taken");
        }
    }

    @Test
    void aPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            CommandLineOf.run("broker", "--port", Integer.toString(taken.getLocalPort()))
                    .assertFailed(1, "eddy broker: port " + taken.getLocalPort() + " is taken");
        }
    }
}
