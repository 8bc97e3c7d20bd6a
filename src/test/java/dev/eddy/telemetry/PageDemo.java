package dev.eddy.telemetry;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;

/**
 * Feeds the page with figures and pictures that look like those of a real stream, so that it can be looked at without
 * one: {@code PageDemo [PORT]} on the test class path.
 */
final class PageDemo implements AutoCloseable {

    private final Random random = new Random(1);
    private final AtomicLong now = new AtomicLong(System.currentTimeMillis() - 600_000);
    private final Telemetry telemetry = new Telemetry("demo", now::get);
    private final PartitionMeters[] partitions = {
        telemetry.partition("images", 0), telemetry.partition("images", 1), telemetry.partition("images", 2)
    };
    private final HttpEndpoint http;
    private int second;
    private long step;

    /** Listens at once, with nothing to show. */
    PageDemo(int port) throws IOException {
        telemetry.alpha(0.01);
        http = HttpEndpoint.start("127.0.0.1", port, telemetry, () -> new Health("RUNNING", true, true, ""));
    }

    public static void main(String[] args) throws Exception {
        try (PageDemo demo = new PageDemo(args.length == 0 ? 0 : Integer.parseInt(args[0]))) {
            demo.seconds(600);
            System.out.println(demo.uri());
            for (; ; ) {
                TimeUnit.SECONDS.sleep(1);
                demo.seconds(1);
            }
        }
    }

    URI uri() {
        return http.uri();
    }

    /** Lets some seconds of stream pass at once. */
    void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            second(second++);
        }
    }

    @Override
    public void close() {
        http.close();
        telemetry.close();
    }

    private void second(int second) {
        now.addAndGet(1_000);
        for (PartitionMeters p : partitions) {
            boolean last = p == partitions[2];
            p.state(last && second % 300 > 280 ? "REPLAYING" : "TRAINING");
            p.lag(Math.max(0, (long) (120 + 90 * Math.sin(second / 40.0) + random.nextInt(40))));
            int records = 500 + random.nextInt(90);
            for (int i = 0; i < records; i++) {
                p.received();
                boolean strange = random.nextInt(55) == 0;
                double score = random.nextGaussian() * 1.3 + (strange ? 6 + random.nextGaussian() * 2.5 : 0);
                boolean warming = second < 5;
                boolean anomaly = !warming && score > 3.1;
                p.scored(score, 20 + 9 * Math.abs(random.nextGaussian()), 14, random.nextDouble(), anomaly, warming);
                telemetry.labelled(String.valueOf(i % 10), anomaly);
            }
            train(p, second);
        }
        if (second % 90 == 17) {
            telemetry.deadLettered("images");
        }
        if (second % 3 == 0) {
            telemetry.live().reconstruction(this::pair);
        }
        if (second % 2 == 0) {
            telemetry
                    .live()
                    .anomaly(
                            "images",
                            random.nextInt(3),
                            second * 1_500L + random.nextInt(1_500),
                            3 + 9 * random.nextDouble(),
                            0.0002 + 0.0098 * random.nextDouble(),
                            triptych());
        }
        if (second % 20 == 0) {
            telemetry.live().samples("vae", step, grid(0.6 + 80.0 / (second + 40)));
            telemetry.live().samples("gan", step, grid(0.4 + 200.0 / (second + 60)));
        }
        if (second == 420) {
            partitions[1].driftAlarm(step, "records became stranger than chance allows");
        }
        telemetry.live().tick();
    }

    private void train(PartitionMeters p, int second) {
        step = second * 16L;
        double shift = second > 420 && second < 480 ? 14 : 0;
        double kl = 22 * (1 - Math.exp(-second / 25.0)) + random.nextGaussian() * 0.4;
        double reconstruction = 92
                + 450 * Math.exp(-second / 6.0)
                + 40 * Math.exp(-second / 70.0)
                + shift
                + random.nextGaussian() * 1.5;
        double generator = 0.9 + 0.6 * Math.exp(-second / 60.0) + random.nextGaussian() * 0.05;
        p.step(
                step,
                reconstruction + kl,
                reconstruction,
                kl,
                30,
                generator,
                0.62 + random.nextGaussian() * 0.03,
                0.4,
                1.2,
                0.71 + random.nextGaussian() * 0.03,
                0.74 + random.nextGaussian() * 0.03,
                0.72,
                1,
                1,
                1,
                0,
                800_000,
                2_900_000,
                9_000_000,
                90_000);
        if (second % 60 == 30) {
            p.snapshot(step, 14_400_000, 90_000_000, now.get());
        }
    }

    // ---- pictures: a shirt, drawn; blurred for a reconstruction; with a scratch for an anomaly

    private double[][] shirt(double blur, boolean scratch) {
        BufferedImage image = new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        int grey = 110 + random.nextInt(120);
        g.setColor(new Color(grey, grey, grey));
        int w = 10 + random.nextInt(5);
        g.fillRect(14 - w / 2, 5, w, 20);
        int sleeve = 6 + random.nextInt(14);
        g.fillRect(14 - w / 2 - 4, 5, 3, sleeve);
        g.fillRect(14 + w / 2 + 1, 5, 3, sleeve);
        g.setColor(Color.BLACK);
        g.fillOval(11, 2, 6, 5);
        if (scratch) {
            g.setColor(Color.WHITE);
            g.setStroke(new BasicStroke(1.6f));
            g.drawLine(random.nextInt(28), 0, random.nextInt(28), 27);
        }
        g.dispose();
        double[][] pixels = new double[28][28];
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                double sum = 0;
                double weight = 0;
                for (int dy = -2; dy <= 2; dy++) {
                    for (int dx = -2; dx <= 2; dx++) {
                        if (y + dy >= 0 && y + dy < 28 && x + dx >= 0 && x + dx < 28) {
                            double k = Math.exp(-(dx * dx + dy * dy) / (2 * blur * blur + 1e-6));
                            sum += k * (image.getRaster().getSample(x + dx, y + dy, 0) / 255.0);
                            weight += k;
                        }
                    }
                }
                pixels[y][x] = Math.min(1, Math.max(0, sum / weight + random.nextGaussian() * 0.02));
            }
        }
        return pixels;
    }

    private byte[] triptych() {
        long seed = random.nextLong();
        random.setSeed(seed);
        double[][] input = shirt(0.1, true);
        random.setSeed(seed);
        double[][] output = shirt(1.1, false);
        BufferedImage image = new BufferedImage(84, 28, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                double error = Math.min(1, 1.4 * Math.abs(input[y][x] - output[y][x]));
                image.setRGB(x, y, grey(input[y][x]));
                image.setRGB(28 + x, y, grey(output[y][x]));
                image.setRGB(56 + x, y, new Color((float) error, (float) (error * error), 0.1f).getRGB());
            }
        }
        return png(image);
    }

    private byte[] pair() {
        long seed = random.nextLong();
        BufferedImage image = new BufferedImage(56, 28, BufferedImage.TYPE_INT_RGB);
        random.setSeed(seed);
        put(image, 0, 0, shirt(0.1, false));
        random.setSeed(seed);
        put(image, 28, 0, shirt(1.1, false));
        return png(image);
    }

    private byte[] grid(double blur) {
        BufferedImage image = new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < 64; i++) {
            put(image, 28 * (i % 8), 28 * (i / 8), shirt(blur, false));
        }
        return png(image);
    }

    private static void put(BufferedImage image, int x0, int y0, double[][] pixels) {
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                image.setRGB(x0 + x, y0 + y, grey(pixels[y][x]));
            }
        }
    }

    private static int grey(double value) {
        return new Color((float) value, (float) value, (float) value).getRGB();
    }

    private static byte[] png(BufferedImage image) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
