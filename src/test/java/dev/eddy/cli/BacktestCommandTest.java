package dev.eddy.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.image.IdxFile;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on a slice of the bundled images: label 0 as they are, label 1 inverted. */
class BacktestCommandTest {

    private static final String BUNDLED = "/dev/eddy/local/fashion-mnist/t10k-images-idx3-ubyte.gz";
    private static final int TRAIN = 3000;
    private static final int TEST = 400;

    @TempDir
    private static Path folder;

    private static Path train;
    private static Path trainLabels;
    private static Path test;
    private static Path testLabels;

    @BeforeAll
    static void writeFiles() throws IOException {
        List<byte[]> images = new ArrayList<>();
        InputStream bundled = Objects.requireNonNull(BacktestCommandTest.class.getResourceAsStream(BUNDLED));
        try (IdxFile file = IdxFile.images(BUNDLED, bundled)) {
            while (images.size() < TRAIN + TEST) {
                images.add(file.next());
            }
        }
        byte[] labels = new byte[TRAIN];
        for (int i = 0; i < TRAIN; i += 20) {
            images.set(i, inverted(images.get(i)));
            labels[i] = 1;
        }
        train = idx("train", images.subList(0, TRAIN));
        trainLabels = idxLabels("train-labels", labels);
        labels = new byte[TEST];
        for (int i = 0; i < TEST; i += 2) {
            images.set(TRAIN + i, inverted(images.get(TRAIN + i)));
            labels[i] = 1;
        }
        test = idx("test", images.subList(TRAIN, TRAIN + TEST));
        testLabels = idxLabels("test-labels", labels);
    }

    private static byte[] inverted(byte[] image) {
        byte[] inverted = new byte[image.length];
        for (int i = 0; i < image.length; i++) {
            inverted[i] = (byte) (255 - (image[i] & 0xFF));
        }
        return inverted;
    }

    private static Path idx(String name, List<byte[]> images) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (int number : new int[] {0x803, images.size(), 28, 28}) {
            out.writeInt(number);
        }
        for (byte[] image : images) {
            out.write(image);
        }
        return Files.write(folder.resolve(name), bytes.toByteArray());
    }

    private static Path idxLabels(String name, byte[] labels) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(0x801);
        out.writeInt(labels.length);
        out.write(labels);
        return Files.write(folder.resolve(name), bytes.toByteArray());
    }

    private static CommandLineOf backtest(String... more) {
        List<String> arguments = new ArrayList<>(List.of("backtest", "--train", train.toString()));
        arguments.addAll(List.of("--train-labels", trainLabels.toString(), "--test", test.toString()));
        arguments.addAll(List.of("--test-labels", testLabels.toString(), "--normal-labels", "0"));
        arguments.addAll(List.of(more));
        return CommandLineOf.run(arguments.toArray(String[]::new));
    }

    private static ObjectNode figures(CommandLineOf done) throws IOException {
        assertEquals("", done.err());
        assertEquals(0, done.exitCode());
        assertEquals(1, done.out().lines().count(), done.out());
        return (ObjectNode) new ObjectMapper().readTree(done.out());
    }

    @Test
    void damagedPicturesStandOutAndTheSeedDecidesTheFigures() throws IOException {
        Path out = folder.resolve("out");
        ObjectNode first = figures(backtest("--json", "--out", out.toString()));
        assertTrue(first.at("/auroc/main").asDouble() > 0.9, first.toString());
        assertEquals(first.at("/auroc/main"), first.at("/auroc/score"));
        for (String score : List.of("reconstructionError", "kl", "rapp", "crossEntropy")) {
            assertTrue(first.at("/auroc/" + score).isNumber(), score);
        }
        assertEquals(TRAIN * 19 / 20, first.get("records").asInt());
        assertEquals(TRAIN * 19 / 20 / 64, first.get("steps").asInt());
        double elbo = first.get("testNegativeElbo").asDouble();
        assertTrue(elbo > 200 && elbo < 450, first.toString());
        JsonNode distance = first.get("frechetDistance");
        assertEquals("classifier", distance.get("features").asText());
        assertTrue(distance.get("floor").asDouble() < distance.get("vae").asDouble(), first.toString());
        assertTrue(distance.get("gan").isNumber());
        assertTrue(first.get("recordsPerSecond").asDouble() > 0);
        for (String count : List.of("received", "scored")) {
            assertEquals(first.get("records"), first.get(count), count);
        }
        assertEquals(0, first.get("deadLettered").asInt(-1));
        assertEquals(first.get("flagged"), first.get("anomalies"));
        assertEquals(first.get("vaeUpdates"), first.get("vaeSteps"));
        assertEquals(first.get("ganUpdates"), first.get("ganSteps"));
        assertTrue(first.get("vaeSteps").asInt() > 0 && first.get("ganSteps").asInt() > 0, first.toString());
        double reconstruction = first.get("vaeReconstruction").asDouble();
        assertTrue(reconstruction > 150 && reconstruction < 450, first.toString());
        assertTrue(first.get("vaeKl").asDouble() > 0, first.toString());
        assertTrue(first.get("vaeLoss").asDouble() > reconstruction, first.toString());
        assertTrue(first.get("generatorLoss").asDouble() > 0, first.toString());
        assertTrue(first.get("discriminatorLoss").asDouble() > 0, first.toString());
        assertTrue(first.get("falsePositiveRate").asDouble() < 0.1, first.toString());
        assertTrue(Files.size(out.resolve("report.html")) > 50_000);
        assertEquals(
                first, new ObjectMapper().readTree(out.resolve("figures.json").toFile()));

        ObjectNode again = figures(backtest("--json"));
        assertEquals(withoutRates(first), withoutRates(again));
    }

    private static ObjectNode withoutRates(ObjectNode figures) {
        return figures.deepCopy().remove(List.of("recordsPerSecond", "testRecordsPerSecond", "seconds"));
    }

    @Test
    void peopleGetATableBesideTheFigures() throws IOException {
        CommandLineOf done = backtest("--set", "seed=7", "--set", "gan.train=false");
        assertEquals(0, done.exitCode(), done.err());
        assertTrue(done.err().matches("(?s).*AUROC, main score +[01]\\.[0-9]{4}\n.*seed +7\n"), done.err());
        assertFalse(done.err().contains("null"), done.err());
        assertEquals(1, done.out().lines().count(), done.out());
        JsonNode figures = new ObjectMapper().readTree(done.out());
        assertEquals(7, figures.get("seed").asInt());
        assertEquals(0, figures.get("ganSteps").asInt(-1));
        assertTrue(
                figures.get("vaeLoss").isNumber()
                        && figures.get("generatorLoss").isNull(),
                done.out());
    }

    @Test
    void badInputEndsInOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "not a picture");
        Path missing = folder.resolve("missing");
        failsWith(text + " is neither an IDX file", "--train", text.toString(), "--test", test.toString());
        failsWith(missing + " does not exist", "--train", train.toString(), "--test", missing.toString());
        failsWith(
                testLabels + " has 400 labels for the 3000 images of " + train,
                "--train",
                train.toString(),
                "--train-labels",
                testLabels.toString(),
                "--test",
                test.toString());
        failsWith(
                "--normal-labels has no labels to choose from",
                "--train",
                train.toString(),
                "--test",
                test.toString(),
                "--normal-labels",
                "0");
        failsWith(
                "--normal-labels: " + trainLabels + " has none of the labels [9]",
                "--train",
                train.toString(),
                "--train-labels",
                trainLabels.toString(),
                "--test",
                test.toString(),
                "--normal-labels",
                "9");
        failsWith(
                text + " is a file, where a directory is expected",
                "--train",
                train.toString(),
                "--test",
                test.toString(),
                "--out",
                text.toString());
        failsWith(
                "image.width, image.height and image.channels must be those of the images",
                "--train",
                train.toString(),
                "--test",
                test.toString(),
                "--set",
                "image.width=27");
    }

    private static void failsWith(String part, String... options) {
        List<String> arguments = new ArrayList<>(List.of("backtest"));
        arguments.addAll(List.of(options));
        CommandLineOf done = CommandLineOf.run(arguments.toArray(String[]::new));
        assertAll(
                () -> assertTrue(
                        done.err().startsWith("eddy backtest: ") && done.err().contains(part), done.err()),
                () -> assertEquals(1, done.err().lines().count(), done.err()),
                () -> assertEquals("", done.out()),
                () -> assertEquals(2, done.exitCode()));
    }
}
