package dev.eddy.image;

import java.util.Arrays;

/** What the first and last bytes of a record say of its encoding. */
final class Content {

    private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    /** The chunk that ends every PNG: no length, its name, its checksum. */
    private static final byte[] PNG_END = {0, 0, 0, 0, 'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82};

    private Content() {}

    static boolean isPng(byte[] bytes) {
        return startsWith(bytes, PNG_SIGNATURE);
    }

    static boolean isJpeg(byte[] bytes) {
        return bytes.length > 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8 && (bytes[2] & 0xff) == 0xff;
    }

    static boolean endsAsJpeg(byte[] bytes) {
        return bytes.length > 3 && (bytes[bytes.length - 2] & 0xff) == 0xff && (bytes[bytes.length - 1] & 0xff) == 0xd9;
    }

    /** Whether a file begins and ends as a PNG or a JPEG does, so that no end of it is missing. */
    static boolean endsAsPicture(byte[] bytes) {
        int from = bytes.length - PNG_END.length;
        return isPng(bytes)
                ? from >= 0 && Arrays.equals(bytes, from, bytes.length, PNG_END, 0, PNG_END.length)
                : isJpeg(bytes) && endsAsJpeg(bytes);
    }

    /** Whether the bytes begin as a record in Avro's single-object encoding. */
    static boolean isAvro(byte[] bytes) {
        return bytes.length >= AvroDecoder.HEADER_LENGTH
                && bytes[0] == AvroDecoder.MARKER
                && bytes[1] == AvroDecoder.VERSION;
    }

    /** Whether the bytes begin as a JSON object with a member: a brace, then a quote. */
    static boolean isJson(byte[] bytes) {
        int brace = skipBlanks(bytes, 0);
        return brace < bytes.length && bytes[brace] == '{' && at(bytes, skipBlanks(bytes, brace + 1)) == '"';
    }

    static boolean endsAsJson(byte[] bytes) {
        int last = bytes.length - 1;
        while (last >= 0 && isBlank(bytes[last])) {
            last--;
        }
        return at(bytes, last) == '}';
    }

    static void requireSome(byte[] bytes) {
        if (bytes.length == 0) {
            throw new InvalidImageException("the record is empty (0 bytes), so it holds no image");
        }
    }

    /** A remark for an error's end when the bytes look like another format, or nothing. */
    static String hint(byte[] bytes) {
        if (isPng(bytes)) {
            return "; it looks like a PNG file: set image.format to png or auto";
        }
        if (isJpeg(bytes)) {
            return "; it looks like a JPEG file: set image.format to jpeg or auto";
        }
        if (isAvro(bytes)) {
            return "; it looks like Avro: set image.format to avro";
        }
        return isJson(bytes) ? "; it looks like JSON: set image.format to json or auto" : "";
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static int skipBlanks(byte[] bytes, int from) {
        int i = from;
        while (i < bytes.length && isBlank(bytes[i])) {
            i++;
        }
        return i;
    }

    private static int at(byte[] bytes, int index) {
        return index >= 0 && index < bytes.length ? bytes[index] : -1;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
