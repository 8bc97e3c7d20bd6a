package dev.eddy.backtest;

import java.util.Base64;

/** Text and pictures inside a page. */
final class Html {

    private Html() {}

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("'", "&#39;")
                .replace("\"", "&quot;");
    }

    /** A PNG picture that needs no file beside the page. */
    static String picture(byte[] png, String description) {
        return "<img alt='" + escaped(description) + "' src='data:image/png;base64,"
                + Base64.getEncoder().encodeToString(png) + "'>";
    }
}
