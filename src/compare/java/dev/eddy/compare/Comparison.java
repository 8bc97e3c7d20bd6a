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
import java.util.TreeSet;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Pointer;

/**
 * A table of detectors: AUROC over the test (the mean over the classes), images of the stream a second of processor time,
 * and memory of what was learned. Arguments:
 *
 * <pre>
 * DIR [one-class | leave-one-out [CLASSES [IMAGES]]]
 * </pre>
 *
 * DIR holds the four files of MNIST or Fashion-MNIST. With {@code one-class} each of the classes (with commas) in turn is
 * normal and the others are foreign, with {@code leave-one-out} the other way round. IMAGES is how many of the test are
 * scored, at even distances: a Random Cut Forest on pixels takes milliseconds for each.
 */
final class Comparison {

    private static final int BATCH_PASSES = 20;
    private static final int PROJECTED = 32;
    private static final int COMPONENTS = 16; // as many as Eddy's latent dimensions
    private static final double MEGABYTE = 1e6;

    private Comparison() {}

    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        boolean one = arguments.length < 2 || arguments[1].equals("one-class");
        if (!one && !arguments[1].equals("leave-one-out")) {
            throw new IllegalArgumentException(arguments[1] + ": say one-class or leave-one-out");
        }
        List<Set<Integer>> tasks = new ArrayList<>();
        for (String label : (arguments.length > 2 ? arguments[2] : "0,1,2,3,4,5,6,7,8,9").split(",", -1)) {
            tasks.add(Set.of(Integer.valueOf(label)));
        }
        LearnerConfig config = new EddyConfig(Map.of("gan.train", "false", "seed", "1")).learner();
        Geometry geometry = config.geometry();
        LabelledImages train = load(data, "train", geometry);
        int count = arguments.length > 3 ? Integer.parseInt(arguments[3]) : Integer.MAX_VALUE;
        LabelledImages test = thinned(load(data, "t10k", geometry), count);
        if (!one) {
            tasks.replaceAll(foreign -> without(train.labels(), foreign));
        }
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
            print.println("| " + detector.getKey() + row(detector.getValue(), train, test, tasks));
        }
    }

    private static LabelledImages load(Path data, String prefix, Geometry geometry) throws IOException {
        return LabelledImages.load(
                data.resolve(prefix + "-images-idx3-ubyte.gz"),
                data.resolve(prefix + "-labels-idx1-ubyte.gz"),
                geometry);
    }

    private static Set<Integer> without(List<Integer> labels, Set<Integer> foreign) {
        Set<Integer> others = new TreeSet<>(labels);
        others.removeAll(foreign);
        return others;
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
            Supplier<Detector> detectors, LabelledImages train, LabelledImages test, List<Set<Integer>> tasks) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double area = 0;
        long nanos = 0;
        long images = 0;
        double memory = 0;
        for (Set<Integer> normal : tasks) {
            List<byte[]> stream = train.withLabels(normal).images();
            double before = memory();
            try (Detector detector = detectors.get()) {
                long start = threads.getCurrentThreadCpuTime();
                detector.stream(stream);
                nanos += threads.getCurrentThreadCpuTime() - start;
                images += stream.size();
                memory = Math.max(memory, memory() - before);
                area += auroc(detector.test(test.images()), test.labels(), normal) / tasks.size();
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

    private static double auroc(double[] scores, List<Integer> labels, Set<Integer> normal) {
        List<Double> ordinary = new ArrayList<>();
        List<Double> strange = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            (normal.contains(labels.get(i)) ? ordinary : strange).add(scores[i]);
        }
        Roc roc = Roc.of(array(ordinary), array(strange));
        return roc == null ? Double.NaN : roc.area();
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
