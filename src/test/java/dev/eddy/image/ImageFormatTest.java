package dev.eddy.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFormatTest {

    private static final Geometry GREY = Pictures.GREY;
    private static final Geometry COLOUR = new Geometry(28, 28, 3);

    @Test
    void everyLosslessFormatGivesTheSamePixels() {
        byte[] pixels = Pictures.pixels(GREY, 1);
        byte[][] encoded = {
            pixels,
            PngWriter.png(new Image(GREY, pixels)),
            Pictures.file(greyImage(pixels), "png"),
            Pictures.file(wideGreyImage(pixels), "png"),
            Pictures.file(colourImage(pixels), "png"),
            json(28, 28, 1, array(pixels)),
            json(28, 28, 1, "\"" + Base64.getEncoder().encodeToString(pixels) + "\"")
        };
        ImageDecoder decoder = ImageFormat.AUTO.decoder(GREY);
        for (byte[] bytes : encoded) {
            assertArrayEquals(pixels, decoder.decode(bytes).pixels());
        }
    }

    @Test
    void colourKeepsItsValues() {
        byte[] pixels = Pictures.pixels(COLOUR, 2);
        byte[] png = PngWriter.png(new Image(COLOUR, pixels));
        assertArrayEquals(pixels, ImageFormat.PNG.decoder(COLOUR).decode(png).pixels());
    }

    @Test
    void greyBecomesThreeEqualChannels() {
        byte[] grey = Pictures.pixels(GREY, 3);
        byte[] decoded = ImageFormat.AUTO
                .decoder(COLOUR)
                .decode(PngWriter.png(new Image(GREY, grey)))
                .pixels();
        for (int i = 0; i < decoded.length; i++) {
            assertEquals(grey[i / 3], decoded[i]);
        }
    }

    @Test
    void colourBecomesGreyByLuminance() {
        byte[] colours = {(byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, (byte) 255, (byte) 255, (byte) 255};
        byte[] png = PngWriter.png(new Image(new Geometry(4, 1, 3), colours));
        byte[] decoded =
                ImageFormat.PNG.decoder(new Geometry(4, 1, 1)).decode(png).pixels();
        assertArrayEquals(new byte[] {76, (byte) 150, 29, (byte) 255}, decoded);
    }

    @Test
    void paletteAndTransparencyAreResolved() {
        BufferedImage palette = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_INDEXED);
        palette.setRGB(1, 0, 0xffffffff);
        byte[] decoded = decodeTo(new Geometry(4, 4, 1), Pictures.file(palette, "png"));
        assertEquals(0, decoded[0]);
        assertEquals((byte) 255, decoded[1]);

        BufferedImage alpha = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        alpha.setRGB(0, 0, 0x80ffffff);
        alpha.setRGB(1, 0, 0x00ffffff);
        assertArrayEquals(new byte[] {(byte) 128, 0}, decodeTo(new Geometry(2, 1, 1), Pictures.file(alpha, "png")));

        BufferedImage bilevel = new BufferedImage(9, 1, BufferedImage.TYPE_BYTE_BINARY);
        bilevel.setRGB(8, 0, 0xffffffff);
        assertArrayEquals(
                new byte[] {0, 0, 0, 0, 0, 0, 0, 0, (byte) 255},
                decodeTo(new Geometry(9, 1, 1), Pictures.file(bilevel, "png")));
    }

    @Test
    void interlacedAndSixteenBitPicturesWithAlphaAreRead() throws IOException {
        BufferedImage gradient = Pictures.gradient(20, 17, BufferedImage.TYPE_3BYTE_BGR);
        Geometry geometry = new Geometry(20, 17, 3);
        byte[] plain = decodeTo(geometry, Pictures.file(gradient, "png"));
        byte[] interlaced = Pictures.progressive(gradient, "png");
        assertEquals(1, interlaced[28], "the header says Adam7");
        assertArrayEquals(plain, decodeTo(geometry, interlaced));

        // 16-bit RGBA: red 0xffff at half opacity, green 0x8080 opaque.
        int[] samples = {0xffff, 0, 0, 0x8000, 0, 0x8080, 0, 0xffff};
        byte[] wide = Pictures.file(Pictures.wideColour(2, 1, samples), "png");
        assertEquals(16, wide[24], "bits of a sample");
        assertArrayEquals(new byte[] {(byte) 128, 0, 0, 0, (byte) 128, 0}, decodeTo(new Geometry(2, 1, 3), wide));
    }

    @Test
    void progressiveJpegsAreReadAndThoseForPrintRefused() throws IOException {
        BufferedImage gradient = Pictures.gradient(64, 64, BufferedImage.TYPE_3BYTE_BGR);
        Geometry geometry = new Geometry(64, 64, 3);
        byte[] baseline = decodeTo(geometry, Pictures.file(gradient, "jpeg"));
        byte[] progressive = decodeTo(geometry, Pictures.progressive(gradient, "jpeg"));
        for (int i = 0; i < baseline.length; i++) {
            assertEquals(baseline[i] & 0xff, progressive[i] & 0xff, 2);
        }
        byte[] cmyk = Pictures.fourBandJpeg(16, 16);
        assertTrue(message(ImageFormat.JPEG, cmyk).contains("4 colour components: 1 (grey) or 3 (colour) expected"));
    }

    @Test
    void theOrientationInExifIsNotApplied() {
        byte[] jpeg = Pictures.file(Pictures.gradient(28, 28, BufferedImage.TYPE_BYTE_GRAY), "jpeg");
        byte[] turned = Pictures.withExifOrientation(jpeg, 6);
        assertArrayEquals(decodeTo(GREY, jpeg), decodeTo(GREY, turned));
    }

    @Test
    void aJpegDecodesToNearlyTheSamePicture() {
        BufferedImage grey = Pictures.gradient(56, 56, BufferedImage.TYPE_BYTE_GRAY);
        byte[] png = decodeTo(GREY, Pictures.file(grey, "png"));
        byte[] jpeg = decodeTo(GREY, Pictures.file(grey, "jpeg"));
        for (int i = 0; i < png.length; i++) {
            assertEquals(png[i] & 0xff, jpeg[i] & 0xff, 6);
        }
        byte[] colour =
                decodeTo(COLOUR, Pictures.file(Pictures.gradient(56, 56, BufferedImage.TYPE_3BYTE_BGR), "jpeg"));
        assertEquals(128, colour[14 * 28 * 3 + 14 * 3 + 2] & 0xff, 8);
        assertTrue((colour[27 * 3] & 0xff) > 200, "red grows to the right");
        assertTrue((colour[27 * 28 * 3] & 0xff) < 50, "red is low on the left");
    }

    @Test
    void pngAndJpegAreToldApartByContentWhicheverIsConfigured() {
        byte[] jpeg = Pictures.file(Pictures.gradient(28, 28, BufferedImage.TYPE_BYTE_GRAY), "jpeg");
        byte[] png = PngWriter.png(new Image(GREY, Pictures.pixels(GREY, 4)));
        assertEquals(GREY, ImageFormat.PNG.decoder(GREY).decode(jpeg).geometry());
        assertEquals(GREY, ImageFormat.JPEG.decoder(GREY).decode(png).geometry());
    }

    @Test
    void autoTakesTheExactSizeAsRawEvenIfItBeginsLikeAnotherFormat() {
        byte[] likeJpeg = new byte[GREY.size()];
        Arrays.fill(likeJpeg, (byte) 0xff);
        likeJpeg[1] = (byte) 0xd8;
        assertArrayEquals(likeJpeg, decodeTo(GREY, likeJpeg));
        byte[] likeJson = new byte[GREY.size()];
        likeJson[0] = '{';
        likeJson[1] = '"';
        assertArrayEquals(likeJson, decodeTo(GREY, likeJson));
    }

    @Test
    void autoKnowsAPngOfExactlyTheRawSize() {
        byte[] png = PngWriter.png(new Image(GREY, Pictures.pixels(GREY, 5)));
        assertEquals(png.length, decodeTo(new Geometry(png.length, 1, 1), png).length);
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyRecordHasItsOwnMessage(ImageFormat format) {
        assertTrue(message(format, new byte[0]).contains("0 bytes"));
    }

    @Test
    void messagesNameWhatWasFoundAndExpected() {
        assertEquals("raw image of 783 bytes where 28x28x1 has 784", message(ImageFormat.RAW, new byte[783]));
        byte[] png = PngWriter.png(new Image(GREY, new byte[784]));
        assertTrue(message(ImageFormat.RAW, png).contains("set image.format to png or auto"));
        assertTrue(message(ImageFormat.AUTO, new byte[] {1, 2}).contains("neither PNG, JPEG nor JSON, nor raw"));
        assertTrue(message(ImageFormat.PNG, new byte[] {1}).contains("neither PNG nor JPEG"));
        assertTrue(message(ImageFormat.JSON, json(2, 2, 1, "[1,2,3]")).contains("3 pixel values where 2x2x1 has 4"));
        assertTrue(message(ImageFormat.JSON, json(2, 2, 1, "[1,2,3,256]"))
                .contains("value at index 3 of \"pixels\" is no whole number from 0 to 255"));
        assertTrue(message(ImageFormat.JSON, json(2, 2, 1, "[1,2,3,0.5]")).contains("value at index 3"));
        assertTrue(message(ImageFormat.JSON, json(2, 2, 1, "\"??\"")).endsWith("no base64"));
        assertTrue(message(ImageFormat.JSON, json(0, 2, 1, "[]")).contains("\"width\" 0"));
        assertTrue(message(ImageFormat.JSON, json(2, 2, 2, "[]")).contains("2 channels"));
        assertTrue(message(ImageFormat.JSON, "{} {}".getBytes(UTF_8)).contains("not JSON"));
        assertTrue(message(ImageFormat.JSON, "[1]".getBytes(UTF_8)).contains("no object"));
        assertTrue(message(ImageFormat.JSON, "{\"width\":2".getBytes(UTF_8)).contains("not JSON"));
        assertTrue(message(ImageFormat.JSON, "{\"width\":2,\"height\":2,\"pixels\":QUOTED}".getBytes(UTF_8))
                .contains("not JSON, from byte"));
        assertTrue(message(ImageFormat.JSON, "  ".getBytes(UTF_8)).contains("no object"));
    }

    @Test
    void formatsAreFoundByName() {
        assertEquals(ImageFormat.AUTO, ImageFormat.named("auto"));
        String message = assertThrows(IllegalArgumentException.class, () -> ImageFormat.named("gif"))
                .getMessage();
        assertEquals("unknown image format 'gif': one of [raw, png, jpeg, json, avro, auto]", message);
    }

    private static byte[] decodeTo(Geometry geometry, byte[] bytes) {
        return ImageFormat.AUTO.decoder(geometry).decode(bytes).pixels();
    }

    /** Messages go to the log, and pixels are nobody's business there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "QUOTED",
                "{\"width\":2,\"height\":2,\"pixels\":QUOTED}",
                "{\"width\":2,\"height\":2,\"pixels\":{\"QUOTED\":1}}",
                "{\"width\":2,\"height\":2,\"pixels\":[\"QUOTED\",1,2,3]}",
                "{\"width\":2,\"height\":2,\"pixels\":\"QUOTED!\"}",
                "{\"width\":\"QUOTED\",\"height\":2,\"pixels\":[0,1,2,3]}",
                "{\"width\":2,\"height\":2,\"pixels\":[4711,1,2,3]}",
                "{\"width\":2,\"height\":2,\"pixels\":[0,1,2,4711.25]}",
                "{\"width\":2,\"height\":2,\"pixels\":4711}",
            })
    void messagesQuoteNothingOfTheRecord(String record) {
        String message = message(ImageFormat.JSON, record.getBytes(UTF_8));
        assertFalse(message.contains("QUOTED") || message.contains("4711"), message);
    }

    private static String message(ImageFormat format, byte[] bytes) {
        return String.valueOf(assertThrows(
                        InvalidImageException.class, () -> format.decoder(GREY).decode(bytes))
                .getMessage());
    }

    private static byte[] json(int width, int height, int channels, String pixels) {
        return " {\"width\":%d,\"height\":%d,\"channels\":%d,\"pixels\":%s}\n"
                .formatted(width, height, channels, pixels)
                .getBytes(UTF_8);
    }

    private static String array(byte[] pixels) {
        int[] values = new int[pixels.length];
        Arrays.setAll(values, i -> pixels[i] & 0xff);
        return Arrays.toString(values);
    }

    private static BufferedImage greyImage(byte[] pixels) {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        byte[] data = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        System.arraycopy(pixels, 0, data, 0, data.length);
        return image;
    }

    private static BufferedImage wideGreyImage(byte[] pixels) {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_USHORT_GRAY);
        short[] data = ((DataBufferUShort) image.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < data.length; i++) {
            data[i] = (short) ((pixels[i] & 0xff) * 257);
        }
        return image;
    }

    private static BufferedImage colourImage(byte[] pixels) {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_3BYTE_BGR);
        for (int i = 0; i < pixels.length; i++) {
            image.setRGB(i % 28, i / 28, (pixels[i] & 0xff) * 0x010101);
        }
        return image;
    }
}
