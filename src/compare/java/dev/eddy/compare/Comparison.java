package dev.eddy.compare;

import dev.eddy.backtest.LabelledImages;
import dev.eddy.backtest.Roc;
import dev.eddy.cli.EddyConfig;
import dev.eddy.image.Geometry;
import dev.eddy.learn.LearnerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;

/**
 * A table of detectors, each with one class as normal: AUROC over the test (the mean over the classes), images of the
 * stream a second of processor time, and memory of what was learned. Arguments: the folder of the four files of MNIST
 * or Fashion-MNIST, and optionally the classes, with commas, and how many images of the test, at even distances: a Random
 * Cut Forest on pixels takes milliseconds for each.
 */
final class Comparison {

    private static final int BATCH_PASSES = 20;
    private static final int PROJECTED = 32;
    private static final int COMPONENTS = 16; // as many as Eddy's latent dimensions
    private static final double MEGABYTE = 1e6;

    private Comparison() {}

    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        String classes = arguments.length > 1 ? arguments[1] : "0,1,2,3,4,5,6,7,8,9";
        LearnerConfig config = new EddyConfig(Map.of("gan.train", "false", "seed", "1")).learner();
        Geometry geometry = config.geometry();
        LabelledImages train = load(data, "train", geometry);
        int count = arguments.length > 2 ? Integer.parseInt(arguments[2]) : Integer.MAX_VALUE;
        LabelledImages test = thinned(load(data, "t10k", geometry), count);
        Map<String, Supplier<Detector>> detectors = new LinkedHashMap<>();
        detectors.put("Eddy, one pass", () -> new EddyDetector(config, 1));
        detectors.put("PCA, one pass, 16 components", () -> new OnePassPca(geometry.size(), COMPONENTS));
        detectors.put("Half-Space Trees (MOA), pixels", () -> new HalfSpaceTrees(geometry.size(), 1));
        detectors.put("Random Cut Forest, 32 projections", () -> new CutForest(geometry.size(), PROJECTED, 1));
        detectors.put("Random Cut Forest, pixels", () -> new CutForest(geometry.size(), 0, 1));
        detectors.put("Eddy as a batch, 20 passes (ceiling)", () -> new EddyDetector(config, BATCH_PASSES));
        PrintStream print = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        print.println("| detector | AUROC | images/s of a core | MB |");
        print.println("|---|---|---|---|");
        for (Map.Entry<String, Supplier<Detector>> detector : detectors.entrySet()) {
            print.println("| " + detector.getKey() + row(detector.getValue(), train, test, classes.split(",", -1)));
        }
    }

    private static LabelledImages load(Path data, String prefix, Geometry geometry) throws IOException {
        return LabelledImages.load(
                data.resolve(prefix + "-images-idx3-ubyte.gz"),
                data.resolve(prefix + "-labels-idx1-ubyte.gz"),
                geometry);
    }

    private static LabelledImages thinned(LabelledImages all, int count) {
        List<byte[]> images = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        int step = Math.max(1, all.size() / count);
        for (int i = 0; i < all.size(); i += step) {
            images.add(all.images().get(i));
            labels.add(all.labels().get(i));
        }
        return new LabelledImages(all.geometry(), images, labels);
    }

    private static String row(
            Supplier<Detector> detectors, LabelledImages train, LabelledImages test, String[] classes) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double area = 0;
        long nanos = 0;
        long images = 0;
        double memory = 0;
        for (String label : classes) {
            Integer normal = Integer.valueOf(label);
            List<byte[]> stream = train.withLabels(Set.of(normal)).images();
            double before = memory();
            try (Detector detector = detectors.get()) {
                long start = threads.getCurrentThreadCpuTime();
                detector.stream(stream);
                nanos += threads.getCurrentThreadCpuTime() - start;
                images += stream.size();
                memory = Math.max(memory, memory() - before);
                area += auroc(detector.test(test.images()), test.labels(), normal) / classes.length;
            }
        }
        return String.format(Locale.ROOT, " | %.3f | %.0f | %.1f |", area, images / (nanos / 1e9), memory / MEGABYTE);
    }

    /** Bytes in use, on the heap and off it. */
    private static double memory() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory() + (double) Pointer.totalBytes();
    }

    private static double auroc(double[] scores, List<Integer> labels, Integer normal) {
        List<Double> ordinary = new ArrayList<>();
        List<Double> strange = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            (labels.get(i).equals(normal) ? ordinary : strange).add(scores[i]);
        }
        Roc roc = Roc.of(array(ordinary), array(strange));
        return roc == null ? Double.NaN : roc.area();
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
