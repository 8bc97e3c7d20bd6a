package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.PngWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that have nothing to finish end at once when they are asked to. */
class StopTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "models --config CONFIG",
                "export --config CONFIG --format onnx --out OUT",
                "export --config CONFIG --format onnx --out OUT --from models",
                "produce --bootstrap-server SERVER --topic images --images PICTURES --timeout 600",
                "produce --bootstrap-server SERVER --topic images --images PICTURES --timeout 600 --watch",
                "produce --bootstrap-server SERVER --topic images --bundled --timeout 600"
            })
    void whatWaitsForABrokerIsInterrupted(String command) throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String server = "127.0.0.1:" + mute.getLocalPort();
            Path config = Files.writeString(
                    folder.resolve("eddy.properties"),
                    "bootstrap.servers=" + server + "\ndefault.api.timeout.ms=600000\nrequest.timeout.ms=600000\n");
            Path pictures = Files.createDirectory(folder.resolve("pictures"));
            Files.write(pictures.resolve("a.png"), PngWriter.png(new Image(new Geometry(2, 1, 1), new byte[2])));
            RunningCommand running = new RunningCommand(command.replace("CONFIG", config.toString())
                    .replace("SERVER", server)
                    .replace("OUT", folder.resolve("out").toString())
                    .replace("PICTURES", pictures.toString())
                    .split(" "));
            mute.accept().close(); // asked whether it speaks TLS
            try (Socket client = mute.accept()) {
                assertEquals(0, client.getInputStream().read()); // of the size of a request
                assertEquals(1, running.stop(), running.err());
            }
            assertEquals("eddy " + command.substring(0, command.indexOf(' ')) + ": interrupted\n", running.err());
            assertEquals(List.of("eddy.properties", "pictures"), files());
        }
    }

    @Test
    void aBacktestIsInterrupted() throws Exception {
        String images = "src/main/resources/dev/eddy/local/fashion-mnist/t10k-images-idx3-ubyte.gz";
        RunningCommand running = new RunningCommand("backtest", "--train", images, "--test", images);
        assertEquals(1, running.stop(), running.err());
        assertEquals("eddy backtest: interrupted\n", running.err());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
