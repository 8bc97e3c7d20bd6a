package dev.eddy.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.eddy.local.BrokerSettings;
import dev.eddy.local.EmbeddedBroker;
import dev.eddy.local.SampleStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: figures move, pictures appear, a restart is survived, the console stays empty. */
class PageIT {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final String OFFLINE = "document.documentElement.classList.contains('offline')";

    private Chromium chromium;

    @BeforeEach
    void open() throws Exception {
        Assumptions.assumeTrue(
                Chromium.installed().isPresent(), "no Chromium on the path (Debian: apt-get install chromium)");
        chromium = new Chromium(Chromium.installed().orElseThrow());
    }

    @AfterEach
    void close() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void figuresMoveAndARestartIsSurvived() throws Exception {
        int port;
        try (PageDemo demo = new PageDemo(0)) {
            port = demo.uri().getPort();
            demo.seconds(60);
            chromium.look(1920, 1080, false);
            chromium.open(demo.uri());
            assertShowsPlotsAndPictures();
            String before = text("scored");
            demo.seconds(5);
            until("the figures move", "document.getElementById('scored').textContent !== '" + before + "'");
            assertEquals(
                    3,
                    evaluate("document.querySelectorAll('#partitions tr').length")
                            .asInt());
            assertEquals(List.of(), chromium.errors());
        }
        until("the page says that nobody answers", OFFLINE);
        try (PageDemo demo = new PageDemo(port)) {
            demo.seconds(5);
            until("the page is back", "!" + OFFLINE);
            until("the figures are the new ones", "series.time.length === 5");
            demo.seconds(1);
            until("the figures move again", "series.time.length === 6");
            until("new pictures are there", "[...document.querySelectorAll('#vae img')].every(i => i.complete)");
            assertNoErrorButRefusals();
        }
    }

    /** The same on the built demonstration: real figures and real pictures. */
    @Test
    void aRunningEddyShowsWhatItLearns() throws Exception {
        int port;
        try (Demo demo = new Demo(0)) {
            port = demo.uri().getPort();
            chromium.look(1920, 1080, true);
            chromium.open(demo.uri());
            assertShowsPlotsAndPictures();
            String before = text("scored");
            until("the figures move", "document.getElementById('scored').textContent !== '" + before + "'");
            assertEquals(List.of(), chromium.errors());
        }
        until("the page says that nobody answers", OFFLINE);
        double startedBefore = evaluate("started").asDouble();
        try (Demo demo = new Demo(port)) {
            assertEquals(port, demo.uri().getPort());
            until("the page is back", "!" + OFFLINE + " && started > " + startedBefore);
            assertShowsPlotsAndPictures();
            assertNoErrorButRefusals();
        }
    }

    /** From one image to the next all are damaged: the page marks that on the time axis, and says what it is. */
    @Test
    void aDriftIsMarkedOnTheTimeAxis(@TempDir Path folder) throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerSettings.TEMPORARY);
                Demo eddy = Demo.on(broker.bootstrapServers(), folder)) {
            chromium.look(1920, 1080, false);
            chromium.open(eddy.uri());
            evaluate(NOTE_MARKS);
            Demo.send(broker, new SampleStream(1, 0), 3_000);
            until("all is scored", "document.getElementById('scored').textContent === '3,000'");
            assertEquals(0, evaluate("marks.length").asInt(), "no drift, no mark");
            assertEquals("", text("drifts"));
            Demo.send(broker, new SampleStream(1, 1), 1_000);
            until("the plots have a mark", "marks.length > 0");
            until(
                    "the text says which partition",
                    "document.getElementById('drifts').textContent.includes('images-0, step ')");
            for (String plot : List.of("throughput", "scores", "vae")) {
                until(plot + " has a mark where its text is, in its colour", marked(plot));
            }
            assertEquals(List.of(), chromium.errors());
        }
    }

    private void assertShowsPlotsAndPictures() throws Exception {
        until("it runs", "document.getElementById('state').textContent === 'RUNNING'");
        for (String list : List.of("anomalies", "vae", "gan", "reconstructions")) {
            until(list + " has pictures", "document.querySelectorAll('#" + list + " img').length > 1");
            until(list + " has loaded", "[...document.querySelectorAll('#" + list + " img')].every(i => i.complete)");
            until(list + " is not blank", notBlank("#" + list + " img"));
        }
        for (String plot : List.of("throughput", "lag", "rate", "scores", "vae", "gan", "accuracy", "distribution")) {
            until(plot + " is drawn", notBlank("[data-plot=" + plot + "] canvas"));
        }
        until("steps are counted", "Number(document.getElementById('step').textContent.replace(',', '')) > 0");
    }

    /** The browser logs each connection that is refused while nobody listens. */
    private void assertNoErrorButRefusals() {
        assertEquals(
                List.of(),
                chromium.errors().stream()
                        .filter(error -> !error.contains("net::ERR_"))
                        .toList());
    }

    @Test
    void fitsAPhoneAndHasALabelForEverything() throws Exception {
        try (PageDemo demo = new PageDemo(0)) {
            demo.seconds(40);
            for (boolean dark : new boolean[] {false, true}) {
                chromium.look(400, 860, dark);
                chromium.open(demo.uri());
                until("there are pictures", "document.querySelectorAll('#anomalies img').length > 1");
                assertEquals(
                        400,
                        evaluate("document.documentElement.scrollWidth").asInt(),
                        "nothing is wider than the screen");
                assertEquals(
                        0,
                        evaluate(
                                        "[...document.images].filter(i => i.alt === '' && !i.closest('header, dialog')).length")
                                .asInt());
                assertEquals(
                        0,
                        evaluate(
                                        "[...document.querySelectorAll('canvas')].filter(c => !c.getAttribute('aria-label')).length")
                                .asInt());
                assertEquals(
                        dark ? "rgb(14, 19, 25)" : "rgb(243, 245, 248)",
                        evaluate("getComputedStyle(document.body).backgroundColor")
                                .asText());
            }
            evaluate("document.querySelector('input[value=day]').click()");
            until("the other range is shown", "range === 'day' && series.time.length === 0");
            evaluate("document.querySelector('#anomalies button').click()");
            until("a picture is shown large", "document.getElementById('large').open");
            assertEquals(List.of(), chromium.errors());
        }
    }

    /** From a wall to a phone and back, as a window is drawn: nothing is cut, and no row of plots leaves a band empty. */
    @Test
    void fillsEveryWidth() throws Exception {
        try (PageDemo demo = new PageDemo(0)) {
            demo.seconds(90);
            chromium.look(2560, 1440, false);
            chromium.open(demo.uri());
            assertShowsPlotsAndPictures();
            for (int width : new int[] {2560, 1920, 1500, 900, 420, 1500, 2560}) {
                chromium.look(width, width < 1900 ? 1400 : width * 9 / 16, false);
                until("the window is resized", "innerWidth === " + width);
                assertEquals("", evaluate(LAYOUT_FAULTS).asText(), () -> "at a width of " + width);
            }
            assertEquals(List.of(), chromium.errors());
        }
    }

    /** The focus stays on a picture while newer ones push it on. */
    @Test
    void newPicturesLeaveTheFocus() throws Exception {
        try (PageDemo demo = new PageDemo(0)) {
            demo.seconds(10);
            chromium.look(1500, 1400, false);
            chromium.open(demo.uri());
            until("there are pictures", "document.querySelectorAll('#anomalies button').length > 1");
            evaluate("(window.focused = document.querySelector('#anomalies button')).focus()");
            demo.seconds(4);
            until("newer ones are there", "document.querySelector('#anomalies button') !== focused");
            assertTrue(evaluate("document.activeElement === focused").asBoolean(), "the focus is where it was");
        }
    }

    /** Once the page is drawn anew: what sticks out or is cut, and where plots leave room, a line each. */
    private static final String LAYOUT_FAULTS = """
            new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => {
              const box = element => element.getBoundingClientRect();
              const faults = [];
              const { scrollWidth, clientWidth } = document.documentElement;
              if (scrollWidth > clientWidth) {
                faults.push('the page is ' + scrollWidth + ' wide in ' + clientWidth);
              }
              for (const element of document.querySelectorAll('figcaption, .u-legend tr, section:not(.partitions) li *')) {
                const inner = box(element);
                const outer = box(element.closest('figure, section'));
                const cut = inner.left < outer.left || inner.right > outer.right || inner.bottom > outer.bottom;
                if (inner.width > 0 && (cut || inner.height === 0)) {
                  faults.push('cut: ' + element.closest('[id], [data-plot]').outerHTML.slice(0, 60) + ' ' + element.tagName);
                }
              }
              for (const value of document.querySelectorAll('.u-legend tr:not(:first-child) .u-value')) {
                if (!/[0-9]/.test(value.textContent)) {
                  faults.push('no figure: ' + value.closest('[data-plot]').dataset.plot);
                }
              }
              const plots = box(document.querySelector('.plots'));
              let rowEnd = plots.top;
              for (const figure of [...document.querySelectorAll('figure')].map(box)) {
                if (figure.top - rowEnd > 20) {
                  faults.push('a band of ' + (figure.top - rowEnd) + ' above a row of plots');
                }
                rowEnd = figure.bottom;
              }
              if (Math.abs(plots.bottom - rowEnd) > 1) {
                faults.push('a band of ' + (plots.bottom - rowEnd) + ' below the plots');
              }
              for (const canvas of document.querySelectorAll('figure canvas')) {
                const free = box(canvas.closest('figure')).bottom - box(canvas).bottom;
                if (free < 0 || free > 60) {
                  faults.push(canvas.closest('figure').dataset.plot + ' leaves ' + free + ' below it');
                }
              }
              done(faults.join('\\n'));
            })))""";

    /** Notes in {@code marks} the texts of drift that are drawn from now on, and where. */
    private static final String NOTE_MARKS = """
            (() => {
              window.marks = [];
              const draw = CanvasRenderingContext2D.prototype.fillText;
              CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
                if (text === 'drift') {
                  marks.push({ canvas: this.canvas, x, y });
                }
                draw.apply(this, arguments);
              };
            })()""";

    /** Whether a plot has a vertical line in the colour of alarms just left of the last such text, within its axes. */
    private static String marked(String plot) {
        return """
                (() => {
                  const canvas = document.querySelector('[data-plot=%s] canvas');
                  const mark = marks.findLast(m => m.canvas === canvas);
                  if (!mark || mark.x < 0 || mark.x > canvas.width) {
                    return false;
                  }
                  const probe = document.createElement('canvas').getContext('2d');
                  probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--bad');
                  probe.fillRect(0, 0, 1, 1);
                  const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
                  const x = Math.round(mark.x - 4 * devicePixelRatio) - 2;
                  const { data } = canvas.getContext('2d').getImageData(x, 0, 4, canvas.height);
                  let rows = 0;
                  for (let i = 0; i < data.length; i += 4) {
                    const [red, green, blue, alpha] = data.slice(i, i + 4);
                    rows += alpha > 100 && Math.abs(red - r) + Math.abs(green - g) + Math.abs(blue - b) < 60 ? 1 : 0;
                  }
                  return rows > canvas.height / 4;
                })()""".formatted(plot);
    }

    /** Whether a picture or canvas has more than one colour. */
    private static String notBlank(String selector) {
        return """
                (() => {
                  const source = document.querySelector('%s');
                  const canvas = document.createElement('canvas');
                  canvas.width = source.naturalWidth || source.width;
                  canvas.height = source.naturalHeight || source.height;
                  const context = canvas.getContext('2d');
                  context.drawImage(source, 0, 0);
                  const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
                  return new Set(pixels).size > 3;
                })()""".formatted(selector);
    }

    private String text(String id) {
        return evaluate("document.getElementById('" + id + "').textContent").asText();
    }

    private JsonNode evaluate(String expression) {
        return chromium.evaluate(expression);
    }

    private void until(String what, String expression) throws Exception {
        Await.until(what, LIMIT, () -> evaluate(expression).asBoolean());
    }
}
