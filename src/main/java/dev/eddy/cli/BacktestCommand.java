package dev.eddy.cli;

import dev.eddy.backtest.Backtest;
import dev.eddy.backtest.LabelledImages;
import dev.eddy.backtest.Outcome;
import dev.eddy.backtest.OutputDirectory;
import dev.eddy.backtest.Plan;
import dev.eddy.backtest.Results;
import dev.eddy.image.Geometry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code eddy backtest}: the learner of production over files. */
@Command(
        name = "backtest",
        description = {
            "Learn from the images of a file in one pass, score those of another with the model as it stands then, and"
                    + " tell how good scores and samples are. Files are IDX (plain or gzip), PNG, JPEG or folders of"
                    + " pictures; the labels are for selection and figures only, the models never see them.",
            "Standard output gets the figures as one line of JSON, standard error a table of them for people.",
        },
        sortOptions = false,
        footer = {
            "  eddy backtest --train train-images-idx3-ubyte.gz \\",
            "      --test t10k-images-idx3-ubyte.gz",
            "  eddy backtest --train train-images-idx3-ubyte.gz \\",
            "      --train-labels train-labels-idx1-ubyte.gz \\",
            "      --test t10k-images-idx3-ubyte.gz --test-labels t10k-labels-idx1-ubyte.gz \\",
            "      --normal-labels 0,1,2 --out results",
        })
final class BacktestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--train",
            paramLabel = "FILE|DIR",
            required = true,
            description = "Images to learn from, in this order, each scored before it is trained on.")
    private Path train;

    @Option(
            names = "--train-labels",
            paramLabel = "FILE",
            description = "An IDX file with a label for each of them; also trains the classifier that judges samples.")
    private @Nullable Path trainLabels;

    @Option(
            names = "--test",
            paramLabel = "FILE|DIR",
            required = true,
            description = "Images to score and not to learn from.")
    private Path test;

    @Option(names = "--test-labels", paramLabel = "FILE", description = "An IDX file with a label for each of them.")
    private @Nullable Path testLabels;

    @Option(
            names = "--normal-labels",
            paramLabel = "LABELS",
            split = ",",
            description = "Labels of what is normal, with commas: only such images are learned from, all others of the"
                    + " test count as anomalous.")
    private List<Integer> normalLabels = List.of();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Properties file in UTF-8; the README lists the keys.")
    private @Nullable Path file;

    @Mixin
    private ConfigOptions options;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Also write scores (CSV), pictures and report.html there.")
    private @Nullable Path directory;

    @Option(names = "--json", description = "Tell nothing but the line of JSON: no table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Options.check(
                spec,
                normalLabels.stream().allMatch(label -> label >= 0 && label <= 255),
                "--normal-labels " + normalLabels + ": labels are 0 to 255");
        Options.check(
                spec,
                normalLabels.isEmpty() || trainLabels != null || testLabels != null,
                "--normal-labels has no labels to choose from: name them with --train-labels and --test-labels");
        OutputDirectory out = directory == null ? null : output(directory);
        EddyConfig config = fitted(options.read(file, Map.of()));
        WarmUp.start(config.learner());
        Outcome outcome = run(plan(config));
        String figures = Json.line(BacktestSummary.of(outcome.figures()));
        if (out != null) {
            Results.write(outcome, out);
            out.write("figures.json", figures + "\n");
        }
        PrintWriter people = spec.commandLine().getErr();
        if (!json) {
            people.println(BacktestTable.of(outcome.figures()));
        }
        if (!json && out != null) {
            people.println("Report: " + out.path().resolve("report.html"));
        }
        people.flush();
        spec.commandLine().getOut().println(figures);
        return 0;
    }

    private static OutputDirectory output(Path path) {
        try {
            return OutputDirectory.at(path);
        } catch (IOException e) {
            throw CommandException.usage(Errors.line(e) + "; name another with --out");
        }
    }

    /** Takes the images' shape from the file where nobody has set one. */
    private EddyConfig fitted(EddyConfig config) throws IOException {
        Geometry stated = LabelledImages.statedGeometry(train);
        if (stated == null || config.sets("image.width") || config.sets("image.height")) {
            return config;
        }
        return config.with(Map.of(
                "image.width", Integer.toString(stated.width()),
                "image.height", Integer.toString(stated.height())));
    }

    private Plan plan(EddyConfig config) throws IOException {
        Geometry geometry = config.geometry();
        LabelledImages trainImages = LabelledImages.load(train, trainLabels, geometry);
        LabelledImages testImages = LabelledImages.load(test, testLabels, geometry);
        Set<Integer> normal = new LinkedHashSet<>(normalLabels);
        Plan plan = Plan.of(config.learner(), trainImages, testImages, normal);
        if (plan.stream().size() == 0) {
            throw CommandException.usage("--normal-labels: " + trainLabels + " has none of the labels " + normal
                    + ", nothing to learn from");
        }
        return plan;
    }

    private static Outcome run(Plan plan) {
        try (Tasks tasks = new Tasks()) {
            return Backtest.run(plan, tasks);
        }
    }

    /** A progress bar for each task in turn. */
    private static final class Tasks implements dev.eddy.backtest.Progress, AutoCloseable {

        private String task = "";
        private @Nullable Progress bar;

        @Override
        public void at(String current, long done, long all) {
            if (bar == null || !current.equals(task)) {
                close();
                bar = Progress.of(current, all);
                task = current;
            }
            bar.at(done);
        }

        @Override
        public void close() {
            if (bar != null) {
                bar.close();
                bar = null;
            }
        }
    }
}
