package dev.eddy.telemetry;

import dev.eddy.telemetry.HttpEndpoint.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The page's own files, read once from the class path. */
final class Assets {

    private static final String CSS = "text/css; charset=utf-8";
    private static final String JS = "text/javascript; charset=utf-8";

    private static final String UPLOT = "META-INF/resources/webjars/uplot/";

    private final Map<String, Reply> replies = Map.of(
            "/", asset("text/html; charset=utf-8", "dev/eddy/telemetry/page/index.html"),
            "/page.css", asset(CSS, "dev/eddy/telemetry/page/page.css"),
            "/page.js", asset(JS, "dev/eddy/telemetry/page/page.js"),
            "/favicon.svg", asset("image/svg+xml", "dev/eddy/telemetry/page/favicon.svg"),
            "/uplot.css", asset(CSS, UPLOT + uplotVersion() + "/dist/uPlot.min.css"),
            "/uplot.js", asset(JS, UPLOT + uplotVersion() + "/dist/uPlot.iife.min.js"));

    Optional<Reply> get(String path) {
        return Optional.ofNullable(replies.get(path));
    }

    private static Reply asset(String contentType, String resource) {
        // Not kept by browsers: after an upgrade the page and its script must be of one version.
        return new Reply(200, contentType, "no-cache", bytes(resource));
    }

    /** The version that the webjar's paths contain. */
    private static String uplotVersion() {
        try {
            Properties properties = new Properties();
            properties.load(new ByteArrayInputStream(bytes("META-INF/maven/org.webjars.npm/uplot/pom.properties")));
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(String resource) {
        try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
