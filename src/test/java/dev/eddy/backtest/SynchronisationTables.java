package dev.eddy.backtest;

import dev.eddy.cli.EddyConfig;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.nn.Gaussian;
import dev.eddy.sync.OuterOptimizer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What it is worth that partitions learn one model, as a Markdown table on standard output: the same stream learned by
 * one partition, dealt out to several that learn by themselves, and dealt out to several that learn together.
 *
 * <pre>
 * java -cp 'target/test-classes:target/classes:target/lib/*' dev.eddy.backtest.SynchronisationTables --data DIR
 *     [--seeds N] [--partitions 2,4,8] [--every H[,H...]] [--outer RATE/MOMENTUM[,...]] [--figures elbo,auroc,gan]
 *     [--classes 0,1,...] [--epochs N] [--set key=value]...
 * </pre>
 *
 * DIR holds the four files of MNIST or Fashion-MNIST under their usual names. {@code elbo} is the test's negative ELBO,
 * {@code auroc} leave-one-out over the classes, {@code gan} the Fréchet distance of the GAN's samples; each is the mean
 * over the partitions. "Closed" is the share of the gap between partitions by themselves and one stream.
 */
final class SynchronisationTables {

    private static final int SAMPLES = 2000;

    private Path data = Path.of(".");
    private int seeds = 3;
    private int epochs = 1;
    private List<String> partitions = List.of("2", "4", "8");
    private List<String> every = List.of("10");
    private List<String> outer = List.of("0.7/0.9");
    private Set<String> figures = new LinkedHashSet<>(List.of("elbo", "auroc", "gan"));
    private List<String> classes = List.of();
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final PrintStream print = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    private final Map<Long, Classifier> classifiers = new LinkedHashMap<>();

    private SynchronisationTables() {}

    /** One row: how many partitions, and how they learn together if they do. */
    private record Way(int partitions, int every, @Nullable OuterOptimizer outer) {

        @Override
        public String toString() {
            if (partitions == 1) {
                return "1 | one stream";
            }
            return partitions + " | "
                    + (outer == null
                            ? "by themselves"
                            : "every " + every + ", outer " + outer.learningRate() + "/" + outer.momentum());
        }
    }

    public static void main(String[] arguments) throws IOException {
        SynchronisationTables tables = new SynchronisationTables();
        tables.read(arguments);
        tables.run();
    }

    private void read(String[] arguments) {
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            String value = arguments[i + 1];
            List<String> items = Arrays.asList(value.split(",", -1));
            switch (arguments[i]) {
                case "--data" -> data = Path.of(value);
                case "--seeds" -> seeds = Integer.parseInt(value);
                case "--epochs" -> epochs = Integer.parseInt(value);
                case "--partitions" -> partitions = items;
                case "--every" -> every = items;
                case "--outer" -> outer = items;
                case "--figures" -> figures = new LinkedHashSet<>(items);
                case "--classes" -> classes = items;
                case "--set" ->
                    settings.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
    }

    private List<Way> ways() {
        List<Way> ways = new ArrayList<>(List.of(new Way(1, 0, null)));
        for (String count : partitions) {
            int partitions = Integer.parseInt(count);
            ways.add(new Way(partitions, 0, null));
            for (String steps : every) {
                for (String pair : outer) {
                    int slash = pair.indexOf('/');
                    ways.add(new Way(
                            partitions,
                            Integer.parseInt(steps),
                            new OuterOptimizer(
                                    Double.parseDouble(pair.substring(0, slash)),
                                    Double.parseDouble(pair.substring(slash + 1)))));
                }
            }
        }
        return ways;
    }

    private void run() throws IOException {
        LabelledImages train = load("train");
        LabelledImages test = load("t10k");
        LabelledImages stream = repeated(train);
        Map<String, Double> oneStream = Map.of();
        Map<String, Double> apart = Map.of();
        print.println("| partitions | learn | " + String.join(" | ", columns()) + " |");
        print.println("|---".repeat(columns().size() + 2) + "|");
        for (Way way : ways()) {
            Spread spread = new Spread();
            for (int seed = 1; seed <= seeds; seed++) {
                measure(way, seed, stream, test, spread);
            }
            Map<String, Double> means = spread.means();
            if (way.partitions == 1) {
                oneStream = means;
            } else if (way.outer == null) {
                apart = means;
            }
            StringBuilder row = new StringBuilder("| " + way);
            for (String column : columns()) {
                row.append(" | ");
                String of = column.replace(" closed", "");
                row.append(
                        column.equals(of)
                                ? spread.cell(column)
                                : closed(way, oneStream.get(of), apart.get(of), means.get(of)));
            }
            print.println(row + " |");
        }
        classifiers.values().forEach(Classifier::close);
    }

    private List<String> columns() {
        List<String> columns = new ArrayList<>();
        for (String figure : figures) {
            columns.add(figure);
            columns.add(figure + " closed");
        }
        columns.addAll(List.of("rounds", "bytes/record"));
        return columns;
    }

    private static String closed(Way way, @Nullable Double one, @Nullable Double apart, @Nullable Double now) {
        return way.outer == null || one == null || apart == null || now == null
                ? ""
                : String.format(Locale.ROOT, "%.0f %%", 100 * (now - apart) / (one - apart));
    }

    private void measure(Way way, int seed, LabelledImages stream, LabelledImages test, Spread spread) {
        Map<String, String> given = new LinkedHashMap<>(settings);
        given.put("seed", Integer.toString(seed));
        if (!figures.contains("gan")) {
            given.put("gan.train", "false");
        }
        if (figures.contains("elbo") || figures.contains("gan")) {
            try (PartitionedRun run = run(way, given, stream)) {
                spread.add("elbo", run.negativeElbo(test));
                if (figures.contains("gan")) {
                    Classifier judge = classifiers.computeIfAbsent((long) seed, s -> Classifier.train(stream, s));
                    Gaussian real = Gaussian.of(judge.features(test.spread(SAMPLES)));
                    spread.add("gan", run.frechetDistance(judge, real, SAMPLES));
                }
                spread.add("rounds", (double) run.rounds());
                spread.add("bytes/record", run.bytesPerRecord(stream));
            }
        }
        if (figures.contains("auroc")) {
            given.put("gan.train", "false");
            Spread areas = new Spread();
            for (int foreign : classes.isEmpty()
                    ? new TreeSet<>(stream.labels())
                    : classes.stream().map(Integer::valueOf).toList()) {
                Set<Integer> normal = new TreeSet<>(stream.labels());
                normal.remove(foreign);
                try (PartitionedRun run = run(way, given, stream.withLabels(normal))) {
                    areas.add("auroc", run.auroc(test, normal));
                }
            }
            spread.addAll(areas.means());
        }
    }

    private static PartitionedRun run(Way way, Map<String, String> given, LabelledImages stream) {
        LearnerConfig config = new EddyConfig(given).learner().synchronised(way.every);
        PartitionedRun run =
                new PartitionedRun(config, way.partitions, way.outer == null ? new OuterOptimizer(1, 0) : way.outer);
        run.learn(stream);
        return run;
    }

    private LabelledImages repeated(LabelledImages train) {
        List<byte[]> images = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (int epoch = 0; epoch < epochs; epoch++) {
            images.addAll(train.images());
            labels.addAll(train.labels());
        }
        return new LabelledImages(train.geometry(), images, labels);
    }

    private LabelledImages load(String prefix) throws IOException {
        return LabelledImages.load(
                data.resolve(prefix + "-images-idx3-ubyte.gz"),
                data.resolve(prefix + "-labels-idx1-ubyte.gz"),
                new EddyConfig(settings).geometry());
    }
}
