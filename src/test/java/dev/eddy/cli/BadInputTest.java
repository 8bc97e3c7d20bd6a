package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every bad input ends in one line that names it, with exit code 2 if it made no sense and 1 if it failed. */
class BadInputTest {

    /** A port that nothing listens on: reserved, and never given to a program. */
    private static final String NO_BROKER = "localhost:1";

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
    void imagesThatAreNotThere() {
        Path missing = folder.resolve("missing.gz");
        failsWith(2, "eddy produce: " + missing + " does not exist", produce(missing));
    }

    @Test
    void imagesThatAreNoIdxFile() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a picture");
        failsWith(2, "eddy produce: " + text + " is neither an IDX file", produce(text));
    }

    @Test
    void fewerLabelsThanImages() throws IOException {
        Path images = Files.write(folder.resolve("images"), new byte[] {
            0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6,
        });
        Path labels = Files.write(folder.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 9});
        failsWith(
                2,
                "eddy produce: the file of labels holds 1 labels for 2 images",
                produce(images, "--labels", labels.toString()));
    }

    /** Before a broker is asked: it would not answer. */
    @Test
    void damagedFilesAreRefusedBeforeAnythingIsSent() throws IOException {
        byte[] whole = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 5, 6};
        byte[] gzip = gzip(whole);
        Path images = folder.resolve("images");
        String start = "eddy produce: " + images + " is ";
        Files.write(images, Arrays.copyOf(whole, whole.length - 1));
        failsWith(2, start + "truncated: it ends in item 2 of 2", produce(images));
        Files.write(images, Arrays.copyOf(whole, whole.length + 1));
        failsWith(2, start + "longer than the 2 items it says it holds", produce(images));
        Files.write(images, gzip(Arrays.copyOf(whole, whole.length - 1)));
        failsWith(2, start + "truncated: it ends in item 2 of 2", produce(images));
        Files.write(images, gzip(Arrays.copyOf(whole, whole.length + 1)));
        failsWith(2, start + "longer than the 2 items it says it holds", produce(images));
        Files.write(images, Arrays.copyOf(gzip, gzip.length - 4));
        failsWith(2, start + "a damaged or truncated gzip file", produce(images));
        gzip[gzip.length - 8] ^= 1; // the checksum
        Files.write(images, gzip);
        failsWith(2, start + "a damaged or truncated gzip file", produce(images, "--limit", "1"));

        Files.write(images, whole);
        Path labels = Files.write(folder.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 9});
        failsWith(
                2,
                "eddy produce: " + labels + " is truncated: it ends in item 2 of 2",
                produce(images, "--labels", labels.toString()));
    }

    @Test
    void picturesOfWhichNoneIsSoundAreRefusedBeforeABrokerIsAsked() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Path picture = Files.write(pictures.resolve("a.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        failsWith(2, "eddy produce: a.png: ", produce(picture));
        CommandLineOf done = produce(pictures, "--json");
        assertEquals(
                "eddy produce: no image sent to images: none of the 1 files of " + pictures
                        + " is a picture that can be sent\n",
                done.err());
        assertTrue(done.out().contains("\"sent\":0,") && done.out().contains("\"passedOver\":1}"), done.out());
        assertEquals(1, done.exitCode());
    }

    @Test
    void aFileWithoutImagesNeedsNoBroker() throws IOException {
        Path images =
                Files.write(folder.resolve("images"), new byte[] {0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1});
        CommandLineOf done = produce(images);
        assertEquals(0, done.exitCode(), done.err());
        assertTrue(done.out().startsWith("0 images sent to images"), done.out());
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    @Test
    void aFileInThePlaceOfADirectory() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path config = Files.writeString(folder.resolve("eddy.properties"), "bootstrap.servers=" + NO_BROKER + "\n");
        String line = file + " is a file, where a directory is expected; name another with --";
        failsWith(2, "eddy broker: " + line + "dir", CommandLineOf.run("broker", "--dir", file.toString()));
        failsWith(
                2,
                "eddy broker: " + line + "dir",
                CommandLineOf.run("broker", "--dir", file.resolve("data").toString()));
        failsWith(
                2,
                "eddy export: " + line + "out",
                CommandLineOf.run(
                        "export", "--config", config.toString(), "--format", "onnx", "--out", file.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run --reset", "run --role score", "models", "export --format onnx --out exported"})
    void settingsThatKafkaRefuses(String command) throws IOException {
        Path file = Files.writeString(
                folder.resolve("eddy.properties"), "bootstrap.servers=" + NO_BROKER + "\nhttp.listen=127.0.0.1:0\n");
        String name = "eddy " + command.split(" ", -1)[0] + ": ";
        failsWith(
                2,
                name + "Invalid value SSLL for configuration security.protocol: ",
                CommandLineOf.run((command + " --config " + file + " --set security.protocol=SSLL").split(" ", -1)),
                "SASL_SSL");
        failsWith(
                2,
                name + "Invalid url in bootstrap.servers: nonsense: name brokers as HOST:PORT, with commas",
                CommandLineOf.run(
                        (command + " --config " + file + " --set bootstrap.servers=nonsense").split(" ", -1)));
        failsWith(
                1,
                name + "No resolvable bootstrap urls given in bootstrap.servers: DNS knows none of these hosts",
                CommandLineOf.run((command + " --config " + file + " --set bootstrap.servers=nowhere.invalid:9092")
                        .split(" ", -1)));
    }

    @Test
    void aBootstrapServerThatIsNone() throws IOException {
        Path images =
                Files.write(folder.resolve("images"), new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5});
        failsWith(
                2,
                "eddy produce: connecting: the settings for broker nonsense are wrong: Invalid url in bootstrap.servers:"
                        + " nonsense",
                CommandLineOf.run(
                        "produce",
                        "--bootstrap-server",
                        "nonsense",
                        "--topic",
                        "images",
                        "--images",
                        images.toString()));
    }

    @Test
    void aBrokerThatCannotBeReached() throws IOException {
        Path images =
                Files.write(folder.resolve("images"), new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5});
        failsWith(1, "eddy produce: ", produce(images, "--timeout", "1"), NO_BROKER);
    }

    @Test
    void aRegistryThatCannotBeReached() throws IOException {
        Path images =
                Files.write(folder.resolve("images"), new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 5});
        failsWith(
                1,
                "eddy produce: the schema registry at http://127.0.0.1:1 cannot be asked (ConnectException)",
                produce(images, "--format", "avro", "--registry", "http://user:secret@127.0.0.1:1"));
    }

    @Test
    void aConfigurationThatIsNoText() throws IOException {
        Path file = Files.write(folder.resolve("eddy.properties"), new byte[] {'a', '=', (byte) 0xff, '\n'});
        failsWith(
                2,
                "eddy run: " + file + " is no properties file in UTF-8",
                CommandLineOf.run("run", "--config", file.toString()));
    }

    @Test
    void aConfigurationWithoutABroker() throws IOException {
        Path file = Files.writeString(folder.resolve("eddy.properties"), "seed=7\n");
        failsWith(2, "eddy run: bootstrap.servers is missing", CommandLineOf.run("run", "--config", file.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run --reset", "models"})
    void aClusterThatCannotBeReached(String command) throws IOException {
        Path file = Files.writeString(
                folder.resolve("eddy.properties"),
                "bootstrap.servers=" + NO_BROKER
                        + "\nhttp.listen=127.0.0.1:0\ndefault.api.timeout.ms=1000\nrequest.timeout.ms=900\n");
        failsWith(
                1,
                "eddy " + command.replace(" --reset", "") + ": ",
                CommandLineOf.run((command + " --config " + file).split(" ", -1)),
                NO_BROKER);
    }

    @Test
    void anHttpPortThatIsTaken() throws IOException {
        Path file = Files.writeString(folder.resolve("eddy.properties"), "bootstrap.servers=" + NO_BROKER + "\n");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            failsWith(
                    1,
                    "eddy run: http.listen " + address + ": port " + taken.getLocalPort() + " is taken",
                    CommandLineOf.run("run", "--config", file.toString(), "--set", "http.listen=" + address));
        }
    }

    @Test
    void aPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            failsWith(
                    1,
                    "eddy broker: port " + taken.getLocalPort() + " is taken",
                    CommandLineOf.run("broker", "--port", Integer.toString(taken.getLocalPort())));
        }
    }

    private static CommandLineOf produce(Path images, String... more) {
        String[] arguments = new String[7 + more.length];
        System.arraycopy(
                new String[] {
                    "produce", "--bootstrap-server", NO_BROKER, "--topic", "images", "--images", images.toString()
                },
                0,
                arguments,
                0,
                7);
        System.arraycopy(more, 0, arguments, 7, more.length);
        return CommandLineOf.run(arguments);
    }

    private static void failsWith(int exitCode, String start, CommandLineOf done, String... names) {
        assertTrue(done.err().startsWith(start), done.err());
        assertEquals(1, done.err().lines().count(), done.err());
        for (String name : names) {
            assertTrue(done.err().contains(name), done.err());
        }
        assertEquals("", done.out());
        assertEquals(exitCode, done.exitCode());
    }
}
