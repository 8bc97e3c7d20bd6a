package dev.eddy.image;

/**
 * Tells raw, PNG, JPEG and JSON apart per record. A PNG has its eight-byte signature, which no photograph starts with
 * by chance. Otherwise a value of exactly the geometry's size is raw, unless it both begins and ends as a JPEG or a
 * JSON object does: bright pixels alone can look like the one end or the other, but hardly like both.
 */
final class AutoDecoder implements ImageDecoder {

    private final Geometry geometry;
    private final ImageDecoder raw;
    private final ImageDecoder picture;
    private final ImageDecoder json;

    AutoDecoder(Geometry geometry) {
        this.geometry = geometry;
        this.raw = new RawDecoder(geometry);
        this.picture = new PictureDecoder(geometry);
        this.json = new JsonDecoder(geometry);
    }

    @Override
    public Image decode(byte[] bytes) {
        Content.requireSome(bytes);
        boolean rawSize = bytes.length == geometry.size();
        if (Content.isPng(bytes) || (Content.isJpeg(bytes) && (!rawSize || Content.endsAsJpeg(bytes)))) {
            return picture.decode(bytes);
        }
        if (Content.isJson(bytes) && (!rawSize || Content.endsAsJson(bytes))) {
            return json.decode(bytes);
        }
        if (rawSize) {
            return raw.decode(bytes);
        }
        throw new InvalidImageException(
                "record of " + bytes.length + " bytes is neither PNG, JPEG nor JSON, nor raw, which has "
                        + geometry.size() + " bytes for " + geometry);
    }
}
