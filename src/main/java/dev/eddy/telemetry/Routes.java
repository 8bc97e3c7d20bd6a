package dev.eddy.telemetry;

import dev.eddy.telemetry.HttpEndpoint.Reply;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Which path gives which answer. Thread-safe. */
final class Routes {

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String JSON_TYPE = "application/json";
    private static final String IMAGES = "/api/images/";

    private final Telemetry telemetry;
    private final Supplier<Health> health;
    private final Assets assets = new Assets();

    Routes(Telemetry telemetry, Supplier<Health> health) {
        this.telemetry = telemetry;
        this.health = health;
    }

    Reply get(URI uri) {
        String path = uri.getPath();
        return switch (path) {
            case "/metrics" -> Reply.of(200, METRICS_TYPE, telemetry.scrape().getBytes(StandardCharsets.UTF_8));
            case "/health/live" -> probe(Health::live);
            case "/health/ready" -> probe(Health::ready);
            case "/api/live" -> live(Optional.ofNullable(uri.getQuery()).orElse(""));
            default ->
                path.startsWith(IMAGES)
                        ? image(path.substring(IMAGES.length()))
                        : assets.get(path).orElseGet(Routes::notFound);
        };
    }

    private Reply probe(Predicate<Health> good) {
        Health now = health.get();
        return Reply.of(good.test(now) ? 200 : 503, JSON_TYPE, LiveJson.health(now));
    }

    private Reply live(String query) {
        boolean day = false;
        long since = 0;
        for (String pair : query.split("&", -1)) {
            if (pair.equals("range=day")) {
                day = true;
            } else if (pair.matches("since=\\d{1,15}")) {
                since = Long.parseLong(pair.substring("since=".length()));
            } else if (!pair.isEmpty() && !pair.equals("range=recent")) {
                return Reply.text(400, "parameters are range=recent or range=day, and since=UNIX_MILLISECONDS");
            }
        }
        return Reply.of(200, JSON_TYPE, LiveJson.live(telemetry.live(), day, since));
    }

    private Reply image(String id) {
        return Optional.of(id)
                .filter(digits -> digits.matches("\\d{1,18}"))
                .flatMap(digits -> telemetry.live().png(Long.parseLong(digits)))
                .map(png -> Reply.of(200, "image/png", png))
                .orElseGet(Routes::notFound);
    }

    private static Reply notFound() {
        return Reply.text(404, "not here; see /, /metrics, /health/live, /health/ready");
    }
}
