package dev.eddy.backtest;

import java.util.Locale;

/** One chart as SVG whose colours are those of the page's style sheet: {@code s0}, {@code s1}, ... for its series. */
final class Chart {

    private static final double WIDTH = 420;
    private static final double HEIGHT = 250;
    private static final double LEFT = 46;
    private static final double RIGHT = 20;
    private static final double TOP = 10;
    private static final double BOTTOM = 40;

    private final Range x;
    private final Range y;
    private final StringBuilder body = new StringBuilder();

    /** A frame with axes. */
    Chart(Range x, String xTitle, Range y) {
        this.x = x;
        this.y = y;
        for (double tick : y.ticks()) {
            body.append(format("<path class='grid' d='M%.1f %.1fH%.1f'/>", LEFT, atY(tick), WIDTH - RIGHT));
            body.append(format(
                    "<text x='%.1f' y='%.1f' text-anchor='end'>%s</text>", LEFT - 6, atY(tick) + 4, number(tick)));
        }
        for (double tick : x.ticks()) {
            body.append(format(
                    "<path class='tick' d='M%.1f %.1fv4'/><text x='%.1f' y='%.1f' text-anchor='middle'>%s</text>",
                    atX(tick), HEIGHT - BOTTOM, atX(tick), HEIGHT - BOTTOM + 16, number(tick)));
        }
        body.append(format("<path class='axis' d='M%.1f %.1fH%.1f'/>", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT));
        body.append(format(
                "<text class='axis-title' x='%.1f' y='%.1f' text-anchor='end'>%s</text>",
                WIDTH - RIGHT, HEIGHT - 5, Html.escaped(xTitle)));
    }

    /** A line through the points; those that are not finite interrupt it. */
    Chart line(String style, double[] xs, double[] ys) {
        StringBuilder path = new StringBuilder();
        boolean pen = false;
        for (int i = 0; i < xs.length; i++) {
            boolean finite = Double.isFinite(xs[i]) && Double.isFinite(ys[i]);
            if (finite) {
                path.append(format("%s%.1f %.1f", pen ? "L" : "M", atX(xs[i]), atY(ys[i])));
            }
            pen = finite;
        }
        body.append("<path class='line ")
                .append(style)
                .append("' d='")
                .append(path)
                .append("'/>");
        return this;
    }

    /** Columns side by side over the whole width, from the bottom up. */
    Chart columns(String style, double[] heights) {
        double step = (x.high() - x.low()) / heights.length;
        StringBuilder path = new StringBuilder(format("M%.1f %.1f", LEFT, HEIGHT - BOTTOM));
        for (int i = 0; i < heights.length; i++) {
            path.append(format("V%.1fH%.1f", atY(heights[i]), atX(x.low() + (i + 1) * step)));
        }
        path.append(format("V%.1fZ", HEIGHT - BOTTOM));
        body.append("<path class='area ")
                .append(style)
                .append("' d='")
                .append(path)
                .append("'/>");
        return this;
    }

    /** A level across the whole width that others are compared with. */
    Chart level(double value) {
        body.append(format("<path class='level' d='M%.1f %.1fH%.1f'/>", LEFT, atY(value), WIDTH - RIGHT));
        return this;
    }

    /** The diagonal from the lower left to the upper right. */
    Chart diagonal() {
        body.append(
                format("<path class='level' d='M%.1f %.1fL%.1f %.1f'/>", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, TOP));
        return this;
    }

    /** A place on the horizontal axis where something happened, as {@code mark} or {@code alarm}. */
    Chart mark(String style, double place) {
        body.append(format("<path class='" + style + "' d='M%.1f %.1fV%.1f'/>", atX(place), TOP, HEIGHT - BOTTOM));
        return this;
    }

    /** The SVG element; {@code description} is for those who cannot see it. */
    String svg(String description) {
        return format("<svg viewBox='0 0 %.0f %.0f' role='img' aria-label='", WIDTH, HEIGHT) + Html.escaped(description)
                + "'>" + body + "</svg>";
    }

    private double atX(double value) {
        return LEFT + (x.clip(value) - x.low()) / (x.high() - x.low()) * (WIDTH - LEFT - RIGHT);
    }

    private double atY(double value) {
        return HEIGHT - BOTTOM - (y.clip(value) - y.low()) / (y.high() - y.low()) * (HEIGHT - TOP - BOTTOM);
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** A number as short as it can be said. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 1e4) {
            return trimmed(value / 1000) + "k";
        }
        return size != 0 && size < 1e-3 ? format("%.0e", value) : trimmed(value);
    }

    private static String trimmed(double value) {
        String text = format("%.3f", value).replaceAll("\\.?0+$", "");
        return text.equals("-0") ? "0" : text;
    }
}
