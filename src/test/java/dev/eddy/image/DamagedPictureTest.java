package dev.eddy.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DamagedPictureTest {

    private static final Geometry GEOMETRY = new Geometry(12, 12, 1);
    private static final ImageDecoder DECODER = ImageFormat.PNG.decoder(GEOMETRY);

    static List<byte[]> files() {
        return List.of(
                PngWriter.png(new Image(GEOMETRY, Pictures.pixels(GEOMETRY, 1))),
                Pictures.file(Pictures.gradient(20, 17, BufferedImage.TYPE_4BYTE_ABGR), "png"),
                Pictures.file(Pictures.gradient(20, 17, BufferedImage.TYPE_BYTE_INDEXED), "png"),
                Pictures.file(Pictures.gradient(20, 17, BufferedImage.TYPE_BYTE_GRAY), "jpeg"),
                Pictures.file(Pictures.gradient(20, 17, BufferedImage.TYPE_3BYTE_BGR), "jpeg"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyTruncationIsRefused(byte[] file) {
        for (int length = 0; length < file.length; length++) {
            byte[] bytes = Arrays.copyOf(file, length);
            assertThrows(InvalidImageException.class, () -> DECODER.decode(bytes));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void whatFollowsThePictureIsRefused(byte[] file) {
        for (byte filler : new byte[] {0, 'x', (byte) 0xff}) {
            byte[] bytes = Arrays.copyOf(file, file.length + 3);
            Arrays.fill(bytes, file.length, bytes.length, filler);
            assertThrows(InvalidImageException.class, () -> DECODER.decode(bytes));
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aJpegCutInItsCodedDataIsRefusedEvenWithAnEnd(byte[] file) {
        if (Content.isJpeg(file)) {
            byte[] bytes = Arrays.copyOf(file, file.length - 6);
            bytes[bytes.length - 2] = (byte) 0xff;
            bytes[bytes.length - 1] = (byte) 0xd9;
            assertThrows(InvalidImageException.class, () -> DECODER.decode(bytes));
        }
    }

    /** Whatever the bytes are, the outcome is an image of the geometry or an {@link InvalidImageException}. */
    @Test
    void noBytesGiveAnyOtherException() {
        List<byte[]> files = files();
        for (long seed = 0; seed < 6_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = mutate(files.get(random.nextInt(files.size())), random);
            for (ImageFormat format : ImageFormat.values()) {
                try {
                    assertEquals(
                            GEOMETRY, format.decoder(GEOMETRY).decode(bytes).geometry());
                } catch (InvalidImageException e) {
                    assertTrue(String.valueOf(e.getMessage()).length() < 400, "a message of one line");
                } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                    fail("seed " + seed + ", " + format + ": " + HexFormat.of().formatHex(bytes), e);
                }
            }
        }
    }

    @Test
    void aBombIsRefusedByItsHeader() {
        byte[] png = PngWriter.png(new Image(GEOMETRY, new byte[GEOMETRY.size()]));
        assertTrue(refusal(withSize(png, 50_000, 50_000)).contains("50000x50000 pixels is too large"));
        assertTrue(refusal(withSize(png, 30_000, 30_000)).contains("too large"));
        assertTrue(refusal(withSize(png, Integer.MAX_VALUE, 1)).contains("too large"));
        assertTrue(refusal(withSize(png, -1, 1)).contains("damaged"));
        assertTrue(refusal(withSize(png, 4_000, 4_000)).contains("holds only"));
        byte[] jpeg = files().get(3);
        int frame = indexOfFrame(jpeg);
        byte[] bomb = jpeg.clone();
        Arrays.fill(bomb, frame + 5, frame + 9, (byte) 0xff);
        assertTrue(refusal(bomb).contains("65535x65535 pixels is too large"));
    }

    @Test
    void aProfileOrTextInAPngCostsNothingAndChangesNothing() {
        byte[] pixels = Pictures.pixels(GEOMETRY, 2);
        byte[] png = PngWriter.png(new Image(GEOMETRY, pixels));
        byte[] gamma = ByteBuffer.allocate(4).putInt(100_000).array();
        byte[] damagedText = {'x', 0, 0, 1, 2, 3};
        byte[] bytes = insert(insert(png, 33, chunk("gAMA", gamma)), 33, chunk("zTXt", damagedText));
        assertEquals(
                HexFormat.of().formatHex(pixels),
                HexFormat.of().formatHex(DECODER.decode(bytes).pixels()));
    }

    private static String refusal(byte[] bytes) {
        return String.valueOf(assertThrows(InvalidImageException.class, () -> DECODER.decode(bytes))
                .getMessage());
    }

    private static byte[] mutate(byte[] file, Random random) {
        byte[] bytes = file.clone();
        for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 3 -> bytes = insert(bytes, at, Pictures.pixels(new Geometry(1 + random.nextInt(9), 1, 1), at));
                default -> random.ints(8, 0, bytes.length).forEach(setter(bytes, random));
            }
        }
        // Half of the damaged PNGs get right checksums, so that the damage reaches the decoder behind them.
        return random.nextBoolean() ? bytes : withChecksums(bytes);
    }

    private static java.util.function.IntConsumer setter(byte[] bytes, Random random) {
        return i -> bytes[i] = (byte) (random.nextBoolean() ? 0xff : random.nextInt(256));
    }

    private static byte[] withChecksums(byte[] png) {
        ByteBuffer buffer = ByteBuffer.wrap(png);
        int at = 8;
        while (at + 12 <= png.length) {
            int length = buffer.getInt(at);
            if (length < 0 || length > png.length - at - 12) {
                break;
            }
            CRC32 crc = new CRC32();
            crc.update(png, at + 4, length + 4);
            buffer.putInt(at + 8 + length, (int) crc.getValue());
            at += length + 12;
        }
        return png;
    }

    private static byte[] withSize(byte[] png, int width, int height) {
        byte[] bytes = png.clone();
        ByteBuffer.wrap(bytes).putInt(16, width).putInt(20, height);
        return withChecksums(bytes);
    }

    private static byte[] chunk(String type, byte[] data) {
        ByteBuffer chunk = ByteBuffer.allocate(data.length + 12).putInt(data.length);
        chunk.put(type.getBytes(StandardCharsets.US_ASCII)).put(data);
        CRC32 crc = new CRC32();
        crc.update(chunk.array(), 4, data.length + 4);
        return chunk.putInt((int) crc.getValue()).array();
    }

    private static byte[] insert(byte[] bytes, int at, byte[] what) {
        byte[] longer = Arrays.copyOf(bytes, bytes.length + what.length);
        System.arraycopy(what, 0, longer, at, what.length);
        System.arraycopy(bytes, at, longer, at + what.length, bytes.length - at);
        return longer;
    }

    private static int indexOfFrame(byte[] jpeg) {
        for (int i = 0; i < jpeg.length - 1; i++) {
            if (jpeg[i] == (byte) 0xff && jpeg[i + 1] == (byte) 0xc0) {
                return i;
            }
        }
        throw new IllegalArgumentException("no baseline frame");
    }
}
