package dev.eddy.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG and JPEG files, told apart by content. Values are read from the raster as they are stored, with no
 * colour management, because that changes them; 16 bits are rounded to 8, and what is transparent lies on black.
 */
final class PictureDecoder implements ImageDecoder {

    private static final ImageReaderSpi PNG;
    private static final ImageReaderSpi JPEG;

    static {
        ImageIO.setUseCache(false);
        PNG = ImageIO.getImageReadersByFormatName("png").next().getOriginatingProvider();
        JPEG = ImageIO.getImageReadersByFormatName("jpeg").next().getOriginatingProvider();
    }

    private final Geometry geometry;

    PictureDecoder(Geometry geometry) {
        this.geometry = geometry;
    }

    @Override
    public Image decode(byte[] bytes) {
        return fit(read(container(bytes)), geometry);
    }

    /**
     * A picture in the geometry that it has: grey, or in colour if it can hold any.
     *
     * @throws InvalidImageException if it is none, or larger than a {@link Geometry}
     */
    static Image asItIs(byte[] bytes) {
        EncodedPicture container = container(bytes);
        if (container.width() > Geometry.MAX_SIDE || container.height() > Geometry.MAX_SIDE) {
            throw new InvalidImageException(container.format() + " of " + container.width() + "x" + container.height()
                    + " pixels: at most " + Geometry.MAX_SIDE + " a side");
        }
        BufferedImage picture = read(container);
        return fit(picture, new Geometry(picture.getWidth(), picture.getHeight(), colours(picture)));
    }

    /**
     * A picture that is complete and not too large, as far as that shows without decoding it.
     *
     * @throws InvalidImageException if it is not
     */
    static EncodedPicture container(byte[] bytes) {
        Content.requireSome(bytes);
        if (Content.isPng(bytes)) {
            return PngContainer.read(bytes);
        }
        if (Content.isJpeg(bytes)) {
            return JpegContainer.read(bytes);
        }
        throw new InvalidImageException(
                "record of " + bytes.length + " bytes is neither PNG nor JPEG" + Content.hint(bytes));
    }

    private static BufferedImage read(EncodedPicture picture) {
        List<String> warnings = new ArrayList<>();
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(picture.bytes()))) {
            ImageReader reader = (picture.format().equals("png") ? PNG : JPEG).createReaderInstance();
            try {
                // Of truncated coded data the JPEG reader only warns, and fills in grey.
                reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
                reader.setInput(in, true, true);
                BufferedImage image = reader.read(0);
                if (!warnings.isEmpty()) {
                    throw new InvalidImageException(picture.format() + " is damaged: " + warnings.get(0));
                }
                if (image.getWidth() != picture.width() || image.getHeight() != picture.height()) {
                    throw new InvalidImageException(picture.format() + " is damaged: it contradicts its own size");
                }
                return image;
            } finally {
                reader.dispose();
            }
        } catch (InvalidImageException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new InvalidImageException(picture.format() + " is damaged: " + e.getMessage(), e);
        }
    }

    private static int colours(BufferedImage image) {
        int bands = image.getRaster().getNumBands();
        if (image.getColorModel() instanceof IndexColorModel palette) {
            return isGrey(palette) ? 1 : 3;
        }
        return bands - (bands + 1) % 2; // less the alpha of 2 or 4 bands
    }

    /** Grey of 1, 2 or 4 bits comes as a palette too. */
    private static boolean isGrey(IndexColorModel palette) {
        for (int i = 0; i < palette.getMapSize(); i++) {
            if (palette.getRed(i) != palette.getGreen(i) || palette.getRed(i) != palette.getBlue(i)) {
                return false;
            }
        }
        return true;
    }

    private static Image fit(BufferedImage image, Geometry geometry) {
        Raster raster = image.getRaster();
        int width = image.getWidth();
        int height = image.getHeight();
        int bands = raster.getNumBands();
        boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
        IndexColorModel palette = image.getColorModel() instanceof IndexColorModel indexed ? indexed : null;
        int colours = colours(image);
        Fit fit = new Fit(width, height, colours, geometry);
        int[] stored = new int[width * bands];
        int[] samples = new int[width * colours];
        for (int y = 0; y < height; y++) {
            raster.getPixels(0, y, width, 1, stored);
            if (palette != null) {
                lookUp(palette, stored, samples, colours);
            } else {
                convert(stored, bands, wide, samples, colours);
            }
            fit.add(samples);
        }
        return fit.image();
    }

    private static void lookUp(IndexColorModel palette, int[] stored, int[] samples, int colours) {
        for (int x = 0; x < stored.length; x++) {
            int colour = palette.getRGB(stored[x]);
            int alpha = colour >>> 24;
            for (int c = 0; c < colours; c++) {
                samples[colours * x + c] = onBlack((colour >> (16 - 8 * c)) & 0xff, alpha);
            }
        }
    }

    private static void convert(int[] stored, int bands, boolean wide, int[] samples, int colours) {
        for (int i = 0; i < stored.length && wide; i++) {
            stored[i] = (stored[i] * 255 + 32_767) / 65_535;
        }
        for (int x = 0; x * bands < stored.length; x++) {
            int alpha = bands == colours ? 255 : stored[x * bands + colours];
            for (int c = 0; c < colours; c++) {
                samples[x * colours + c] = onBlack(stored[x * bands + c], alpha);
            }
        }
    }

    private static int onBlack(int value, int alpha) {
        return (value * alpha + 127) / 255;
    }
}
