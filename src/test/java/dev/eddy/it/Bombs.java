package dev.eddy.it;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** PNG files that are small, and large once inflated. */
final class Bombs {

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 26, '\n'};

    private Bombs() {}

    /** A grey picture, black all over. */
    static byte[] png(int width, int height) throws IOException {
        return png(width, height, (width + 1L) * height);
    }

    /**
     * A grey picture whose data inflate to so many zeros, whether or not its size has so many.
     *
     * @param inflated bytes
     */
    static byte[] png(int width, int height, long inflated) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        DataOutputStream numbers = new DataOutputStream(header);
        numbers.writeInt(width);
        numbers.writeInt(height);
        numbers.write(new byte[] {8, 0, 0, 0, 0});
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(SIGNATURE);
        chunk(file, "IHDR", header.toByteArray());
        chunk(file, "IDAT", zeros(inflated));
        chunk(file, "IEND", new byte[0]);
        return file.toByteArray();
    }

    private static byte[] zeros(long count) throws IOException {
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        byte[] block = new byte[1 << 16];
        try (DeflaterOutputStream out = new DeflaterOutputStream(deflated, new Deflater(Deflater.BEST_COMPRESSION))) {
            for (long left = count; left > 0; left -= block.length) {
                out.write(block, 0, (int) Math.min(left, block.length));
            }
        }
        return deflated.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream file, String type, byte[] data) throws IOException {
        DataOutputStream out = new DataOutputStream(file);
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeInt(data.length);
        out.write(name);
        out.write(data);
        out.writeInt((int) crc.getValue());
    }
}
