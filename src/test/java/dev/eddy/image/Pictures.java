package dev.eddy.image;

import java.awt.Point;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.jspecify.annotations.Nullable;

/** Pictures for the tests of this package. */
final class Pictures {

    static final Geometry GREY = new Geometry(28, 28, 1);

    private Pictures() {}

    static byte[] pixels(Geometry geometry, long seed) {
        byte[] pixels = new byte[geometry.size()];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    /** The file that the JDK's own writer makes of an image. */
    static byte[] file(BufferedImage image, String format) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(image, format, out)) {
                throw new IllegalStateException("no writer of " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A smooth picture, so that JPEG changes it little. */
    static BufferedImage gradient(int width, int height, int type) {
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, (x * 255 / width) << 16 | (y * 255 / height) << 8 | 128 | 0xff000000);
            }
        }
        return image;
    }

    /** Interlaced, or with a progressive JPEG's scans. */
    static byte[] progressive(BufferedImage image, String format) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        return write(writer, new IIOImage(image, null, null), parameters);
    }

    /** RGBA of 16 bits each. */
    static BufferedImage wideColour(int width, int height, int[] samples) {
        WritableRaster raster =
                Raster.createInterleavedRaster(DataBuffer.TYPE_USHORT, width, height, 4, new Point(0, 0));
        raster.setPixels(0, 0, width, height, samples);
        ColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB),
                true,
                false,
                Transparency.TRANSLUCENT,
                DataBuffer.TYPE_USHORT);
        return new BufferedImage(model, raster, false, null);
    }

    /** A JPEG of four components, as for print. */
    static byte[] fourBandJpeg(int width, int height) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        Raster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, width, height, 4, new Point(0, 0));
        return write(writer, new IIOImage(raster, null, null), null);
    }

    private static byte[] write(ImageWriter writer, IIOImage image, @Nullable ImageWriteParam parameters)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, image, parameters);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    /** With an Exif segment that holds nothing but an orientation, 1 to 8. */
    static byte[] withExifOrientation(byte[] jpeg, int orientation) {
        ByteBuffer exif = ByteBuffer.allocate(36)
                .putShort((short) 0xffe1)
                .putShort((short) 34)
                .put("Exif\0\0MM\0*".getBytes(StandardCharsets.US_ASCII))
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0);
        byte[] turned = new byte[jpeg.length + exif.position()];
        System.arraycopy(jpeg, 0, turned, 0, 2);
        System.arraycopy(exif.array(), 0, turned, 2, exif.position());
        System.arraycopy(jpeg, 2, turned, 2 + exif.position(), jpeg.length - 2);
        return turned;
    }
}
