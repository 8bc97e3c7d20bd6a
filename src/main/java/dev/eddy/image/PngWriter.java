package dev.eddy.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Writes 8-bit PNG files, grey or RGB, without the JDK's window toolkit, whose start costs more than the file. */
public final class PngWriter {

    private PngWriter() {}

    /**
     * The bytes of a PNG file with exactly these pixels.
     *
     * @param width pixels in a row, at least 1
     * @param height rows, at least 1
     * @param channels 1 (grey) or 3 (RGB)
     * @param pixels {@code width * height * channels} values, row by row from the top left
     */
    static byte[] png(int width, int height, int channels, byte[] pixels) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(pixels.length / 2 + 128);
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        byte colourType = (byte) (channels == 1 ? 0 : 2);
        ByteBuffer header = ByteBuffer.allocate(13)
                .putInt(width)
                .putInt(height)
                .put((byte) 8)
                .put(colourType);
        chunk(out, "IHDR", header.array());
        chunk(out, "IDAT", deflate(scanLines(height, width * channels, pixels)));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    /** The bytes of a PNG file with exactly the image's pixels. */
    public static byte[] png(Image image) {
        Geometry g = image.geometry();
        return png(g.width(), g.height(), g.channels(), image.pixels());
    }

    /** Each line begins with the number of its filter; 0 is none. */
    private static byte[] scanLines(int height, int lineLength, byte[] pixels) {
        byte[] lines = new byte[height * (lineLength + 1)];
        for (int y = 0; y < height; y++) {
            System.arraycopy(pixels, y * lineLength, lines, y * (lineLength + 1) + 1, lineLength);
        }
        return lines;
    }

    private static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_SPEED); // in less time, at the price of few bytes
        try {
            deflater.setInput(bytes);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2 + 64);
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
