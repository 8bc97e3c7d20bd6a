package dev.eddy.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.LoggerFactory;

/** What {@code produce} tells: a warning for each file that it passes over, and at the end what came of it. */
final class ProduceReport {

    private final PrintWriter out;
    private final boolean json;
    private final AtomicLong passedOver = new AtomicLong();

    /** @param json whether the end is told as one line of JSON */
    ProduceReport(PrintWriter out, boolean json) {
        this.out = out;
        this.json = json;
    }

    /** Warns that a file is not sent; the line says which and why. Any thread. */
    void passOver(String line) {
        LoggerFactory.getLogger(ProduceCommand.class).warn("{}; not sent", line);
        passedOver.incrementAndGet();
    }

    /** Files that were no pictures, too large or gone. */
    long passedOver() {
        return passedOver.get();
    }

    /** Tells the end. */
    void tell(Sending.Result result) {
        long others = passedOver();
        String text = String.format(
                Locale.ROOT,
                "%d images sent to %s in %.1f s, %.0f a second",
                result.sent(),
                result.topic(),
                result.seconds(),
                result.recordsPerSecond());
        String more = others == 0 ? "" : ", " + others + " files passed over";
        out.println(json ? Json.line(new Line(result, others)) : text + more);
    }

    private record Line(@JsonUnwrapped Sending.Result result, long passedOver) {}
}
