package dev.eddy.telemetry;

import dev.eddy.telemetry.HttpEndpoint.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;

/** The page's own files, read once from the class path. */
final class Assets {

    private static final String HTML = "text/html; charset=utf-8";
    private static final String CSS = "text/css; charset=utf-8";
    private static final String JS = "text/javascript; charset=utf-8";

    private final Map<String, Reply> replies = Map.of(
            "/", asset(HTML, "page/index.html"),
            "/page.css", asset(CSS, "page/page.css"),
            "/page.js", asset(JS, "page/page.js"));

    Optional<Reply> get(String path) {
        return Optional.ofNullable(replies.get(path));
    }

    private static Reply asset(String contentType, String resource) {
        try (InputStream in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the build lacks " + resource);
            }
            // Not kept by browsers: after an upgrade the page and its script must be of one version.
            return new Reply(200, contentType, "no-cache", in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
