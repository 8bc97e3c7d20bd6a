package dev.eddy.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG file (ISO/IEC 15948), walked and checked without inflating anything: lengths, checksums, the end.
 * Only the chunks that say what the values are go on to the reader of pixels; profiles, gamma, text and times stay
 * behind, so they neither shift a value nor cost memory.
 */
final class PngContainer {

    private static final int SIGNATURE_LENGTH = 8;
    private static final int OVERHEAD = 12; // length, type, checksum
    private static final int MAX_INFLATION = 1032; // of one byte: deflate can do no more

    private PngContainer() {}

    /** Checks the whole file and returns its size and what of it holds pixels. */
    static EncodedPicture read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        ByteArrayOutputStream kept = new ByteArrayOutputStream(bytes.length);
        kept.write(bytes, 0, SIGNATURE_LENGTH);
        EncodedPicture header = null;
        long data = 0;
        int at = SIGNATURE_LENGTH;
        while (true) {
            if (bytes.length - at < OVERHEAD) {
                throw new InvalidImageException("PNG of " + bytes.length + " bytes is truncated: its end is missing");
            }
            int length = in.getInt(at);
            if (length < 0 || length > bytes.length - at - OVERHEAD) {
                throw new InvalidImageException("PNG of " + bytes.length + " bytes is truncated or damaged: a chunk of "
                        + Integer.toUnsignedString(length) + " bytes at byte " + at);
            }
            String type = new String(bytes, at + 4, 4, StandardCharsets.ISO_8859_1);
            CRC32 crc = new CRC32();
            crc.update(bytes, at + 4, length + 4);
            if ((int) crc.getValue() != in.getInt(at + 8 + length)) {
                throw new InvalidImageException("PNG is damaged: wrong checksum of the chunk at byte " + at);
            }
            if (header == null) {
                header = header(in, at, length, type);
            }
            switch (type) {
                case "IHDR", "PLTE", "tRNS", "IDAT", "IEND" -> kept.write(bytes, at, length + OVERHEAD);
                default -> {}
            }
            data += type.equals("IDAT") ? length : 0;
            at += length + OVERHEAD;
            if (type.equals("IEND")) {
                break;
            }
        }
        if (at != bytes.length) {
            throw new InvalidImageException(
                    "PNG is followed by " + (bytes.length - at) + " bytes that belong to no image");
        }
        if (data * MAX_INFLATION < header.decodedBytes()) {
            throw new InvalidImageException("PNG says " + header.width() + "x" + header.height() + " but holds only "
                    + data + " bytes of compressed pixels");
        }
        return header.with(kept.toByteArray());
    }

    private static EncodedPicture header(ByteBuffer in, int at, int length, String type) {
        if (!type.equals("IHDR") || length != 13) {
            throw new InvalidImageException("PNG is damaged: it does not begin with its header");
        }
        int bits = in.get(at + 16) & 0xff;
        int samples =
                switch (in.get(at + 17)) {
                    case 0, 3 -> 1;
                    case 2 -> 3;
                    case 4 -> 2;
                    case 6 -> 4;
                    default ->
                        throw new InvalidImageException("PNG is damaged: unknown colour type " + in.get(at + 17));
                };
        return new EncodedPicture("png", in.getInt(at + 8), in.getInt(at + 12), samples * bits, new byte[0]);
    }
}
