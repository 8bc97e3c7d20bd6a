package dev.eddy.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import dev.eddy.image.Geometry;
import dev.eddy.learn.Learner;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.Score;
import dev.eddy.nn.CounterRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime computes from the exported files what Eddy computes. */
class OnnxModelsTest {

    private static final double CLOSE = 1e-4;
    private static final int GAN_SAMPLES = 5; // the generator's stream of random numbers, which never changes

    /** Keys and steps: the default with and without a threshold, the textbook's, and colour of another shape. */
    static Stream<Map<String, String>> configurations() {
        return Stream.of(
                Map.of("steps", "60"),
                Map.of("steps", "2"),
                Map.of("preset", "classic", "steps", "6"),
                Map.of(
                        "image.width", "5",
                        "image.height", "7",
                        "image.channels", "3",
                        "vae.encoder", "20",
                        "vae.decoder", "20,30",
                        "batch.size", "32",
                        "anomaly.window", "150",
                        "anomaly.reference.window", "512",
                        "steps", "50"));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void scoresReconstructionsAndSamplesAreEddys(Map<String, String> configuration) throws OrtException {
        Map<String, String> keys = new HashMap<>(configuration);
        int steps = Integer.parseInt(keys.remove("steps"));
        try (Trained trained = Trained.of(keys, steps)) {
            Map<String, byte[]> files = OnnxModels.write(trained.header(), trained.learner());
            checkScorer(trained, files);
            checkEncoderAndDecoder(trained, files);
            checkGenerator(trained, files);
        }
    }

    private static void checkScorer(Trained trained, Map<String, byte[]> files) throws OrtException {
        Learner learner = trained.learner();
        int rows = learner.config().batchSize() - 1;
        try (OnnxNetwork scorer = network(files, "scorer")) {
            assertEquals(Metadata.of(trained.header()), scorer.metadata());
            OnnxNetwork.Outputs outputs = scorer.run(learner.config().geometry(), images(trained, rows));
            int flagged = 0;
            for (int row = 0; row < rows; row++) {
                learner.add(trained.images().apply(row));
                Score score = learner.score(row);
                String where = "row " + row + ": " + score;
                assertEquals(score.score(), outputs.floats("score")[row], CLOSE, where);
                assertEquals(score.kl(), outputs.floats("kl")[row], CLOSE * Math.max(1, score.kl()), where);
                assertEquals(
                        score.reconstructionError(),
                        outputs.floats("reconstructionError")[row],
                        CLOSE * Math.max(1, score.reconstructionError()),
                        where);
                assertEquals(score.rapp(), outputs.floats("rapp")[row], CLOSE * Math.max(1, score.rapp()), where);
                assertEquals(
                        score.pValue(),
                        outputs.floats("pValue")[row],
                        OnnxNetwork.closeRanks(learner.scale(), score.score(), CLOSE),
                        where);
                assertEquals(score.anomaly(), outputs.booleans("anomaly")[row], where);
                assertEquals(
                        score.anomaly(), (float) score.score() > learner.scale().threshold(), where);
                flagged += score.anomaly() ? 1 : 0;
                assertArrayEquals(learner.reconstruction(row), outputs.row("reconstruction", row), (float) CLOSE);
            }
            assertPictures(rows, learner.config(), outputs.shape("reconstruction"));
            assertTrue(flagged < rows, flagged + " flagged");
            learner.discard();
        }
    }

    private static void checkEncoderAndDecoder(Trained trained, Map<String, byte[]> files) throws OrtException {
        Learner learner = trained.learner();
        int latent = learner.config().vae().latent();
        try (OnnxNetwork encoder = network(files, "encoder");
                OnnxNetwork decoder = network(files, "decoder")) {
            OnnxNetwork.Outputs posterior = encoder.run(learner.config().geometry(), images(trained, 3));
            assertArrayEquals(new long[] {3, latent}, posterior.shape("logVariance"));
            OnnxNetwork.Outputs decoded = decoder.run("latent", posterior.floats("mean"), latent);
            assertPictures(3, learner.config(), decoded.shape("image"));
            for (int row = 0; row < 3; row++) {
                learner.add(trained.images().apply(row));
                assertArrayEquals(learner.reconstruction(row), decoded.row("image", row), (float) CLOSE);
            }
            learner.discard();
        }
    }

    private static void checkGenerator(Trained trained, Map<String, byte[]> files) throws OrtException {
        Learner learner = trained.learner();
        int width = learner.config().gan().noise();
        float[] noise = new float[learner.config().batchSize() * width];
        CounterRandom random = new CounterRandom(learner.config().seed(), Trained.PARTITION);
        random.at(learner.step(), GAN_SAMPLES);
        random.normals(noise, noise.length);
        float[][] samples = learner.samples(SampleKind.GAN, 4);
        try (OnnxNetwork generator = network(files, "generator")) {
            OnnxNetwork.Outputs generated = generator.run("noise", Arrays.copyOf(noise, 4 * width), width);
            assertPictures(4, learner.config(), generated.shape("image"));
            for (int i = 0; i < samples.length; i++) {
                assertArrayEquals(samples[i], generated.row("image", i), (float) CLOSE);
            }
        }
    }

    private static void assertPictures(int rows, LearnerConfig config, long[] shape) {
        Geometry geometry = config.geometry();
        assertArrayEquals(new long[] {rows, geometry.height(), geometry.width(), geometry.channels()}, shape);
    }

    private static OnnxNetwork network(Map<String, byte[]> files, String name) throws OrtException {
        byte[] file = files.get(name);
        assertFalse(file == null, () -> "no " + name + " in " + files.keySet());
        return new OnnxNetwork(file);
    }

    private static List<byte[]> images(Trained trained, int rows) {
        return IntStream.range(0, rows).mapToObj(trained.images()).toList();
    }
}
