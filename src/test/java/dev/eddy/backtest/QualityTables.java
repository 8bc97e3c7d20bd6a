package dev.eddy.backtest;

import dev.eddy.cli.EddyConfig;
import dev.eddy.image.Geometry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tables of how well Eddy learns, over classes and seeds, as Markdown on standard output:
 *
 * <pre>
 * java -cp 'target/test-classes:target/classes:target/lib/*' dev.eddy.backtest.QualityTables EXPERIMENT --data DIR
 *     [--seeds N] [--classes 0,1,...] [--set key=value]... [--vary key=value[,key=value...]]... [--out DIR]
 * </pre>
 *
 * EXPERIMENT is one of {@link Experiment} in lower case with dashes; DIR holds the four files of MNIST or
 * Fashion-MNIST under their usual names. Each {@code --vary} adds a row with those settings to that of the defaults
 * (a value with commas in it is for {@code --set}). A cell is the mean over the seeds and its standard deviation.
 *
 * <pre>
 * one-class --seeds 3 --vary vae.replay.updates=2 --vary vae.replay.updates=4 --vary vae.replay.updates=8
 * likelihood --seeds 3 --vary vae.data.initialisation=false,vae.learning.rate=0.001,vae.batch.size=64
 * samples --seeds 10 --out grids
 * ablation --seeds 3
 * drift --seeds 3
 * false-alarms --seeds 10
 * contaminated --vary anomaly.gate=false --vary anomaly.robust=false --vary anomaly.gate=false,anomaly.robust=false
 * </pre>
 */
final class QualityTables {

    private static final List<String> ABLATIONS = List.of(
            "vae.data.initialisation=false",
            "vae.ema.decay=0",
            "vae.kl.warmup.steps=0",
            "vae.replay.updates=4",
            "anomaly.neighbours=0",
            "anomaly.robust=false",
            "anomaly.gate=false",
            "gan.gamma=0",
            "gan.loss=non_saturating",
            "gan.data.initialisation=false",
            "gan.ema.decay=0");

    private Experiment experiment = Experiment.ONE_CLASS;
    private Path data = Path.of(".");
    private int seeds = 3;
    private @Nullable Set<Integer> classes;
    private @Nullable Path out;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<String> variations = new ArrayList<>(List.of(""));
    private final PrintStream print = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private QualityTables() {}

    public static void main(String[] arguments) throws IOException {
        QualityTables tables = new QualityTables();
        tables.read(arguments);
        tables.run();
    }

    private void read(String[] arguments) {
        Experiment asked = arguments.length == 0 ? null : Experiment.byKey().get(arguments[0]);
        if (asked == null) {
            throw new IllegalArgumentException(
                    "name an experiment: " + Experiment.byKey().keySet());
        }
        experiment = asked;
        put(asked.settings, settings);
        if (asked == Experiment.ABLATION) {
            variations.addAll(ABLATIONS);
        }
        for (int i = 1; i + 1 < arguments.length; i += 2) {
            String value = arguments[i + 1];
            switch (arguments[i]) {
                case "--data" -> data = Path.of(value);
                case "--seeds" -> seeds = Integer.parseInt(value);
                case "--out" -> out = Path.of(value);
                case "--set" ->
                    settings.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
                case "--vary" -> variations.add(value);
                case "--classes" -> {
                    classes = new TreeSet<>();
                    for (String label : value.split(",", -1)) {
                        classes.add(Integer.valueOf(label));
                    }
                }
                default -> throw new IllegalArgumentException("unknown option " + arguments[i]);
            }
        }
    }

    private static void put(String changes, Map<String, String> target) {
        for (String change : changes.split(",", -1)) {
            int at = change.indexOf('=');
            if (at > 0) {
                target.put(change.substring(0, at), change.substring(at + 1));
            }
        }
    }

    private void run() throws IOException {
        Geometry geometry = new EddyConfig(settings).geometry();
        LabelledImages train = load("train", geometry);
        LabelledImages test = load("t10k", geometry);
        Set<Integer> all = classes == null ? new TreeSet<>(train.labels()) : classes;
        Experiment.Data files = new Experiment.Data(train, test, all, out == null ? null : OutputDirectory.at(out));
        List<String> names = List.of();
        for (String variation : variations) {
            Spread spread = new Spread();
            for (int seed = 1; seed <= seeds; seed++) {
                Map<String, String> given = new LinkedHashMap<>(settings);
                put(variation, given);
                given.put("seed", Integer.toString(seed));
                spread.addAll(experiment.run(new EddyConfig(given).learner(), files));
            }
            if (!names.containsAll(spread.names())) {
                names = spread.names();
                header(names);
            }
            print.println(row(variation.isEmpty() ? "as set" : variation, names, spread));
        }
    }

    private LabelledImages load(String prefix, Geometry geometry) throws IOException {
        return LabelledImages.load(
                data.resolve(prefix + "-images-idx3-ubyte.gz"),
                data.resolve(prefix + "-labels-idx1-ubyte.gz"),
                geometry);
    }

    private void header(List<String> names) {
        print.println("| " + experiment.key() + " | " + String.join(" | ", names) + " |");
        print.println("|---".repeat(names.size() + 1) + "|");
    }

    /** A line with a cell under each of the header's names: a dash where the row has no such figure. */
    static String row(String name, List<String> names, Spread spread) {
        List<String> cells = names.stream().map(spread::cell).toList();
        return "| " + name + " | " + String.join(" | ", cells) + " |";
    }
}
