package dev.eddy.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eddy.image.Geometry;
import dev.eddy.image.Image;
import dev.eddy.image.PngWriter;
import dev.eddy.local.SampleStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Makes records of every kind, most of them no image. */
final class Poison {

    static final int MESSAGE_LIMIT = 1_048_588; // the broker's default

    private final SampleStream pictures = new SampleStream(3);
    private final SplittableRandom random = new SplittableRandom(3);
    private int nextPicture;

    Geometry geometry() {
        return pictures.geometry();
    }

    byte[] rubbish() {
        return bytes(random.nextInt(64));
    }

    List<byte[]> badValues() throws Exception {
        byte[] picture = picture();
        byte[] png = PngWriter.png(new Image(pictures.geometry(), picture));
        byte[] damaged = png.clone();
        damaged[png.length / 2] ^= 1;
        byte[] endless = new byte[MESSAGE_LIMIT - 10_000];
        Arrays.fill(endless, (byte) '[');
        List<byte[]> bad = new ArrayList<>();
        bad.add(null);
        bad.add(new byte[0]);
        bad.add(new byte[] {7});
        bad.add(Arrays.copyOf(picture, picture.length - 1));
        bad.add(Arrays.copyOf(picture, picture.length + 1));
        bad.add("no picture".getBytes(UTF_8));
        bad.add(Arrays.copyOf(png, png.length - 1));
        bad.add(Arrays.copyOf(png, 30));
        bad.add(damaged);
        bad.add(Bombs.png(50_000, 50_000, 1 << 20));
        bad.add(Bombs.png(20_000, 20_000));
        bad.add(Bombs.png(32_768, 3_073));
        bad.add(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16});
        bad.add("{\"width\":28,\"height\":28,\"pixels\":[0,1,2]}".getBytes(UTF_8));
        bad.add("{\"width\":1e999999999,\"height\":28,\"pixels\":\"\"}".getBytes(UTF_8));
        bad.add(("{\"width\":" + "[".repeat(100_000)).getBytes(UTF_8));
        bad.add(endless);
        bad.add(bytes(MESSAGE_LIMIT - 10_000));
        return bad;
    }

    byte[] picture() {
        return pictures.get(nextPicture++).image().pixels();
    }

    byte @Nullable [] key() {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> random.nextInt(100) == 0 ? bytes(9_000) : bytes(90);
            default -> bytes(1 + random.nextInt(12));
        };
    }

    Headers headers() {
        return switch (random.nextInt(6)) {
            case 0 -> headers("", null);
            case 1 -> headers("camera", bytes(5)).add("camera", new byte[0]).add("camera", null);
            case 2 -> headers("__streams.errors.topic", bytes(3)).add("__streams.errors.offset", null);
            case 3 -> headers("eddy-omitted", bytes(3)).add("\u00e9\ud83d\udc41", bytes(2));
            default -> new RecordHeaders();
        };
    }

    static Headers headers(String key, byte @Nullable [] value) {
        return new RecordHeaders().add(key, value);
    }

    byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
