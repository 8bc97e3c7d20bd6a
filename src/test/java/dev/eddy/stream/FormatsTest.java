package dev.eddy.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.eddy.image.AvroImages;
import dev.eddy.image.Geometry;
import dev.eddy.image.GreyFiles;
import dev.eddy.image.Image;
import dev.eddy.image.ImageDecoder;
import dev.eddy.image.ImageEncoder;
import dev.eddy.image.ImageFiles;
import dev.eddy.image.ImageFormat;
import dev.eddy.registry.RegistryDecoder;
import dev.eddy.registry.RegistryUnavailableException;
import dev.eddy.registry.StubRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole topologies that differ in nothing but the format of their records. */
class FormatsTest {

    private static final Geometry GEOMETRY = Tiny.GEOMETRY;
    private static final int RECORDS = 60 * Tiny.BATCH;

    private final StubRegistry registry = new StubRegistry();

    FormatsTest() {
        registry.put(3, AvroImages.SCHEMA.toString());
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private static RecordDecoder of(ImageFormat format) {
        return RecordDecoder.of(format, GEOMETRY);
    }

    private RecordDecoder ofRegistry() {
        return new RegistryDecoder(registry.url(), Map.of(), GEOMETRY);
    }

    private static byte[] jsonOfNumbers(Image image) {
        int[] values = new int[image.pixels().length];
        Arrays.setAll(values, i -> image.pixels()[i] & 0xff);
        return "{\"width\":%d,\"height\":%d,\"channels\":1,\"pixels\":%s}"
                .formatted(GEOMETRY.width(), GEOMETRY.height(), Arrays.toString(values))
                .getBytes(UTF_8);
    }

    @Test
    void theSamePictureHasTheSameScoreInEveryLosslessFormat() {
        List<String> raw = scores(of(ImageFormat.RAW), ImageFormat.RAW.encoder());
        assertEquals(RECORDS, raw.size());
        assertTrue(raw.stream().distinct().count() > RECORDS / 2, "scores differ from each other");
        for (ImageFormat format : List.of(ImageFormat.PNG, ImageFormat.JSON, ImageFormat.AVRO)) {
            assertEquals(raw, scores(of(format), format.encoder()), format.toString());
        }
        assertEquals(raw, scores(of(ImageFormat.JSON), FormatsTest::jsonOfNumbers));
        assertEquals(raw, scores(ofRegistry(), image -> StubRegistry.record(3, image)));
        int[] turn = {0};
        List<ImageEncoder> mixed = List.of(
                ImageFormat.RAW.encoder(),
                ImageFormat.PNG.encoder(),
                ImageFormat.JSON.encoder(),
                FormatsTest::jsonOfNumbers);
        assertEquals(raw, scores(of(ImageFormat.AUTO), image -> mixed.get(turn[0]++ % mixed.size())
                .encode(image)));
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "4,false", "4,true"})
    void soDoesAGreyPictureOfFewBitsAsItIsAndReEncoded(int bits, boolean palette) {
        ImageEncoder file = image -> GreyFiles.png(GreyFiles.ofShades(image, bits), bits, palette);
        ImageDecoder picture = ImageFiles.asPictures();
        List<String> raw = scores(
                of(ImageFormat.RAW), image -> GreyFiles.ofShades(image, bits).pixels());
        assertEquals(raw, scores(of(ImageFormat.PNG), file));
        for (ImageFormat format : List.of(ImageFormat.RAW, ImageFormat.PNG, ImageFormat.JSON, ImageFormat.AVRO)) {
            ImageEncoder again = image -> format.encoder().encode(picture.decode(file.encode(image)));
            assertEquals(raw, scores(of(format), again), format.toString());
        }
    }

    @Test
    void aLabelChangesNoScore() {
        List<String> without = scores(of(ImageFormat.RAW), ImageFormat.RAW.encoder());
        SplittableRandom random = new SplittableRandom(11);
        try (TopologyRun run = run(of(ImageFormat.RAW))) {
            for (int i = 0; i < RECORDS; i++) {
                RecordHeaders headers = new RecordHeaders();
                headers.add("label", Integer.toString(i % 7).getBytes(UTF_8));
                run.pipe(new TestRecord<>(new byte[] {1}, Tiny.image(random), headers, TopologyRun.START));
            }
            assertEquals(without, run.texts("scores"));
        }
    }

    @Test
    void aRegistryThatDoesNotAnswerDeadLettersNothing() {
        try (TopologyRun run = run(ofRegistry())) {
            SplittableRandom random = new SplittableRandom(1);
            Image image = new Image(GEOMETRY, Tiny.image(random));
            registry.mood = StubRegistry.Mood.BROKEN;
            StreamsException failure =
                    assertThrows(StreamsException.class, () -> pipe(run, StubRegistry.record(3, image)));
            Throwable cause = failure.getCause();
            assertNotNull(cause);
            assertInstanceOf(RegistryUnavailableException.class, cause);
            assertEquals(List.of(), run.texts("dead-letters"));
        }
        registry.mood = StubRegistry.Mood.WELL;
        try (TopologyRun run = run(ofRegistry())) {
            pipe(run, StubRegistry.record(4, new Image(GEOMETRY, Tiny.image(new SplittableRandom(1)))));
            assertEquals(1, run.texts("dead-letters").size(), "of a schema that the registry does not know");
        }
    }

    private static TopologyRun run(RecordDecoder decoder) {
        return new TopologyRun(decoder, 1_000_000);
    }

    private static void pipe(TopologyRun run, byte[] value) {
        run.pipe(new TestRecord<>(null, value, new RecordHeaders(), TopologyRun.START));
    }

    private static List<String> scores(RecordDecoder decoder, ImageEncoder encoder) {
        SplittableRandom random = new SplittableRandom(11);
        try (TopologyRun run = run(decoder)) {
            for (int i = 0; i < RECORDS; i++) {
                pipe(run, encoder.encode(new Image(GEOMETRY, Tiny.image(random))));
            }
            assertEquals(List.of(), run.texts("dead-letters"));
            return run.texts("scores");
        }
    }
}
