package dev.eddy.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.eddy.learn.Learner;
import dev.eddy.learn.Learner.SampleKind;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.Score;
import dev.eddy.nn.CounterRandom;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime computes from the exported files what Eddy computes. */
class OnnxModelsTest {

    private static final double CLOSE = 1e-4;
    private static final int GAN_SAMPLES = 5; // the generator's stream of random numbers, which never changes

    private static final OrtEnvironment ORT = OrtEnvironment.getEnvironment();

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
        try (OrtSession scorer = session(files, "scorer");
                OnnxTensor images = images(trained, rows);
                OrtSession.Result result = scorer.run(Map.of("image", images))) {
            Map<String, String> metadata = scorer.getMetadata().getCustomMetadata();
            assertEquals(Metadata.of(trained.header()), metadata);
            int flagged = 0;
            for (int row = 0; row < rows; row++) {
                learner.add(trained.images().apply(row));
                Score score = learner.score(row);
                String where = "row " + row + ": " + score;
                assertEquals(score.score(), floats(result, "score")[row], CLOSE, where);
                assertEquals(score.kl(), floats(result, "kl")[row], CLOSE * Math.max(1, score.kl()), where);
                assertEquals(
                        score.reconstructionError(),
                        floats(result, "reconstructionError")[row],
                        CLOSE * Math.max(1, score.reconstructionError()),
                        where);
                assertEquals(score.rapp(), floats(result, "rapp")[row], CLOSE * Math.max(1, score.rapp()), where);
                checkPValue(learner, score, floats(result, "pValue")[row], where);
                assertEquals(score.anomaly(), ((boolean[]) value(result, "anomaly"))[row], where);
                assertEquals(
                        score.anomaly(), (float) score.score() > learner.scale().threshold(), where);
                flagged += score.anomaly() ? 1 : 0;
                assertClose(learner.reconstruction(row), pixels(result, "reconstruction", row, learner.config()));
            }
            assertTrue(flagged < rows, flagged + " flagged");
            learner.discard();
        }
    }

    /** The same, unless a recent score lies so near that a last digit decides between the two. */
    private static void checkPValue(Learner learner, Score score, float theirs, String where) {
        float[] recent = learner.scale().recent();
        long near = 0;
        for (float value : recent) {
            near += Math.abs(value - score.score()) < CLOSE ? 1 : 0;
        }
        assertEquals(score.pValue(), theirs, CLOSE + (double) near / (recent.length + 1), where);
    }

    private static void checkEncoderAndDecoder(Trained trained, Map<String, byte[]> files) throws OrtException {
        Learner learner = trained.learner();
        try (OrtSession encoder = session(files, "encoder");
                OrtSession decoder = session(files, "decoder");
                OnnxTensor images = images(trained, 3);
                OrtSession.Result posterior = encoder.run(Map.of("image", images));
                OrtSession.Result decoded = decoder.run(
                        Map.of("latent", (OnnxTensor) posterior.get("mean").orElseThrow()))) {
            assertEquals(learner.config().vae().latent(), ((float[][]) value(posterior, "logVariance"))[2].length);
            for (int row = 0; row < 3; row++) {
                learner.add(trained.images().apply(row));
                assertClose(learner.reconstruction(row), pixels(decoded, "image", row, learner.config()));
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
        try (OrtSession generator = session(files, "generator");
                OnnxTensor input = OnnxTensor.createTensor(
                        ORT, FloatBuffer.wrap(Arrays.copyOf(noise, 4 * width)), new long[] {4, width});
                OrtSession.Result generated = generator.run(Map.of("noise", input))) {
            for (int i = 0; i < samples.length; i++) {
                assertClose(samples[i], pixels(generated, "image", i, learner.config()));
            }
        }
    }

    private static OrtSession session(Map<String, byte[]> files, String name) throws OrtException {
        byte[] file = files.get(name);
        assertFalse(file == null, () -> "no " + name + " in " + files.keySet());
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        return ORT.createSession(file, options);
    }

    private static OnnxTensor images(Trained trained, int rows) throws OrtException {
        LearnerConfig config = trained.learner().config();
        ByteBuffer pixels = ByteBuffer.allocateDirect(rows * config.geometry().size());
        for (int row = 0; row < rows; row++) {
            pixels.put(trained.images().apply(row));
        }
        pixels.flip();
        long[] shape = {
            rows,
            config.geometry().height(),
            config.geometry().width(),
            config.geometry().channels()
        };
        return OnnxTensor.createTensor(ORT, pixels, shape, OnnxJavaType.UINT8);
    }

    private static Object value(OrtSession.Result result, String name) throws OrtException {
        return result.get(name).orElseThrow().getValue();
    }

    private static float[] floats(OrtSession.Result result, String name) throws OrtException {
        return (float[]) value(result, name);
    }

    /** One picture of the given shape, as a row. */
    private static float[] pixels(OrtSession.Result result, String name, int row, LearnerConfig config)
            throws OrtException {
        float[][][] picture = ((float[][][][]) value(result, name))[row];
        assertEquals(config.geometry().height(), picture.length);
        assertEquals(config.geometry().width(), picture[0].length);
        float[] flat = new float[config.geometry().size()];
        int at = 0;
        for (float[][] line : picture) {
            for (float[] pixel : line) {
                for (float channel : pixel) {
                    flat[at++] = channel;
                }
            }
        }
        return flat;
    }

    private static void assertClose(float[] expected, float[] actual) {
        assertEquals(expected.length, actual.length);
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], actual[i], CLOSE, "pixel " + i);
        }
    }
}
