package dev.eddy.image;

/** Takes a record's value as the pixels themselves. */
record RawDecoder(Geometry geometry) implements ImageDecoder {

    @Override
    public Image decode(byte[] bytes) {
        Content.requireSome(bytes);
        if (bytes.length != geometry.size()) {
            throw new InvalidImageException("raw image of " + bytes.length + " bytes where " + geometry + " has "
                    + geometry.size() + Content.hint(bytes));
        }
        return new Image(geometry, bytes);
    }
}
