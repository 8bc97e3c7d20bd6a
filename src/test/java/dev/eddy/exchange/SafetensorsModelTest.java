package dev.eddy.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.Score;
import dev.eddy.snapshot.ModelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsModelTest {

    private static final Map<String, String> SMALL = Map.of(
            "image.width", "6",
            "image.height", "5",
            "vae.encoder", "12,8",
            "vae.latent", "3",
            "vae.decoder", "10",
            "gan.generator", "7",
            "gan.discriminator", "9",
            "batch.size", "32",
            "anomaly.window", "150",
            "anomaly.reference.window", "300");

    @TempDir
    private Path folder;

    private Path export(Trained trained) throws IOException {
        return Files.write(
                folder.resolve("model.safetensors"), SafetensorsModel.write(trained.header(), trained.learner()));
    }

    @Test
    void aReaderThatKnowsOnlyTheFormatGetsEddysReconstructions() throws IOException {
        try (Trained trained = Trained.of(Map.of(), 8)) {
            PlainSafetensors file = PlainSafetensors.read(export(trained));
            assertEquals("8", file.metadata().get("eddy.step"));
            assertEquals("512", file.metadata().get("eddy.nextOffset"));
            assertEquals(trained.header().sha256(), file.metadata().get("eddy.sha256"));
            assertEquals(
                    Double.toString(trained.header().threshold()),
                    file.metadata().get("eddy.threshold"));
            assertTrue(String.valueOf(file.metadata().get("eddy.configuration")).contains("vae.latent=16\n"));
            assertEquals(
                    "began at offset 0\nconfiguration changed", file.metadata().get("eddy.lineage"));
            byte[] image = trained.images().apply(0);
            float[] pixels = new float[image.length];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (image[i] & 0xFF) / 255f;
            }
            float[] posterior = file.perceptron("vae.average.encoder", pixels);
            float[] logits = file.perceptron("vae.average.decoder", Arrays.copyOf(posterior, 16));
            trained.learner().add(image);
            float[] expected = trained.learner().reconstruction(0);
            for (int i = 0; i < expected.length; i++) {
                assertEquals(expected[i], 1 / (1 + Math.exp(-logits[i])), 1e-4, "pixel " + i);
            }
            assertNotNull(file.tensors().get("gan.generator.average.2.weight"));
            assertNotNull(file.tensors().get("gan.discriminator.weights.0.bias"));
        }
    }

    @Test
    void aLearnerThatTakesTheModelScoresAsTheOneThatWasExported() throws IOException {
        try (Trained trained = Trained.of(SMALL, 20)) {
            Learner original = trained.learner();
            ModelVersion model = SafetensorsModel.read(export(trained), original.config());
            assertEquals(trained.header().sha256(), model.header().sha256());
            assertEquals(trained.header().lineage(), model.header().lineage());
            assertEquals(trained.header().createdAtMillis(), model.header().createdAtMillis());
            Map<String, String> other = new HashMap<>(SMALL);
            other.put("seed", "7");
            try (Learner learner = new Learner(Trained.config(other), 0)) {
                model.adopt(learner);
                assertEquals(original.weightsSha256(), learner.weightsSha256());
                assertEquals(20, learner.step());
                for (int row = 0; row < 32; row++) {
                    original.add(trained.images().apply(row));
                    learner.add(trained.images().apply(row));
                    Score score = original.score(row);
                    assertEquals(score, learner.score(row));
                    assertTrue(!score.warming());
                }
                learner.train();
                assertEquals(21, learner.step());
            }
        }
    }

    @Test
    void anyDamageIsNoticed() throws IOException {
        try (Trained trained = Trained.of(SMALL, 1)) {
            byte[] whole = Files.readAllBytes(export(trained));
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 60; i++) {
                byte[] damaged = whole.clone();
                int at = i < 20 ? i : random.nextInt(whole.length);
                damaged[at] ^= (byte) (1 << random.nextInt(8));
                refused(damaged, trained.learner().config());
            }
            for (int length : new int[] {0, 1, 8, 9, 200, whole.length - 1}) {
                refused(Arrays.copyOf(whole, length), trained.learner().config());
            }
            refused(
                    "not a model at all".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    trained.learner().config());
        }
    }

    private void refused(byte[] bytes, LearnerConfig config) throws IOException {
        Path file = Files.write(folder.resolve("damaged.safetensors"), bytes);
        ModelFileException refused = assertThrows(ModelFileException.class, () -> SafetensorsModel.read(file, config));
        assertTrue(String.valueOf(refused.getMessage()).startsWith(file + " is not usable: "), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vae.latent | 4 | vae.latent is 3 in the model, configured 4",
                "vae.encoder | 12,9 | vae.encoder is 12,8 in the model, configured 12,9",
                "image.width | 7 | image.width is 6 in the model, configured 7",
                "anomaly.window | 200 | anomaly.window is 150 in the model, configured 200",
                "vae.ema.decay | 0 | vae.ema.decay is 0.999 in the model, configured 0.0",
            })
    void aContradictionIsNamed(String key, String value, String words) throws IOException {
        try (Trained trained = Trained.of(SMALL, 1)) {
            Path file = export(trained);
            Map<String, String> other = new HashMap<>(SMALL);
            other.put(key, value);
            LearnerConfig config = Trained.config(other);
            ModelFileException refused =
                    assertThrows(ModelFileException.class, () -> SafetensorsModel.read(file, config));
            assertTrue(String.valueOf(refused.getMessage()).contains(words), refused.getMessage());
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing.safetensors");
        ModelFileException refused =
                assertThrows(ModelFileException.class, () -> SafetensorsModel.read(missing, Trained.config(SMALL)));
        assertEquals(missing + " cannot be read: no such file", refused.getMessage());
    }
}
