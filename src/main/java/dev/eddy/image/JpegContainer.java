package dev.eddy.image;

import java.io.ByteArrayOutputStream;

/**
 * The segments of a JPEG file (ITU-T T.81), walked and checked without decoding anything. Profiles, Exif and comments
 * are left out of what goes on to the reader of pixels (so no profile shifts a value, and a rotation noted in Exif is
 * not applied); JFIF and Adobe segments stay, which say what the components are.
 */
final class JpegContainer {

    private static final int MAX_SCANS = 200; // a progressive file has about ten; each costs a pass over the image

    private final byte[] bytes;
    private final ByteArrayOutputStream kept;
    private int at = 2;
    private int scans;

    private JpegContainer(byte[] bytes) {
        this.bytes = bytes;
        this.kept = new ByteArrayOutputStream(bytes.length);
    }

    /** Checks the whole file and returns its size and what of it holds pixels. */
    static EncodedPicture read(byte[] bytes) {
        return new JpegContainer(bytes).walk();
    }

    private EncodedPicture walk() {
        kept.write(bytes, 0, 2);
        EncodedPicture frame = null;
        while (true) {
            int marker = marker();
            if (marker == 0xd9) {
                break;
            }
            int length = unsignedShort(at);
            if (length < 2 || length > bytes.length - at) {
                throw truncated();
            }
            if (isFrame(marker)) {
                if (frame != null) {
                    throw new InvalidImageException("JPEG is damaged: it has two frames");
                }
                frame = frame(marker, length);
            }
            boolean dropped = marker == 0xfe || (marker > 0xe0 && marker <= 0xef && marker != 0xee);
            int end = at + length;
            if (marker == 0xda) {
                end = endOfScan(end);
            }
            if (!dropped) {
                kept.write(bytes, at - 2, end - at + 2);
            }
            at = end;
        }
        if (frame == null || scans == 0) {
            throw new InvalidImageException("JPEG is damaged: it holds no picture");
        }
        if (at != bytes.length) {
            throw new InvalidImageException(
                    "JPEG is followed by " + (bytes.length - at) + " bytes that belong to no image");
        }
        kept.write(0xff);
        kept.write(0xd9);
        return frame.with(kept.toByteArray());
    }

    /** Steps over the marker at hand and any fill bytes before it; returns its code. */
    private int marker() {
        if (at >= bytes.length || unsigned(at) != 0xff) {
            throw at >= bytes.length ? truncated() : new InvalidImageException("JPEG is damaged at byte " + at);
        }
        while (at < bytes.length && unsigned(at) == 0xff) {
            at++;
        }
        if (at >= bytes.length) {
            throw truncated();
        }
        int marker = unsigned(at++);
        if (marker == 0 || marker == 1 || (marker >= 0xd0 && marker <= 0xd8)) {
            throw new InvalidImageException("JPEG is damaged at byte " + (at - 1));
        }
        return marker;
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    private EncodedPicture frame(int marker, int length) {
        if (length < 8) {
            throw truncated();
        }
        if (marker > 0xc2) {
            throw new InvalidImageException("JPEG of a kind that is not supported (only baseline and progressive are)");
        }
        int components = unsigned(at + 7);
        if (components != 1 && components != 3) {
            throw new InvalidImageException(
                    "JPEG with " + components + " colour components: 1 (grey) or 3 (colour) expected");
        }
        return new EncodedPicture(
                "jpeg", unsignedShort(at + 5), unsignedShort(at + 3), components * unsigned(at + 2), new byte[0]);
    }

    /** The first marker after the coded data that begins at an index; stuffed bytes and restarts belong to the data. */
    private int endOfScan(int from) {
        if (++scans > MAX_SCANS) {
            throw new InvalidImageException("JPEG with more than " + MAX_SCANS + " scans");
        }
        for (int i = from; i < bytes.length - 1; i++) {
            if (unsigned(i) == 0xff) {
                int next = unsigned(i + 1);
                if (next != 0 && next != 0xff && (next < 0xd0 || next > 0xd7)) {
                    return i;
                }
            }
        }
        throw truncated();
    }

    private int unsigned(int index) {
        return bytes[index] & 0xff;
    }

    private int unsignedShort(int index) {
        if (index + 1 >= bytes.length) {
            throw truncated();
        }
        return unsigned(index) << 8 | unsigned(index + 1);
    }

    private InvalidImageException truncated() {
        return new InvalidImageException("JPEG of " + bytes.length + " bytes is truncated");
    }
}
