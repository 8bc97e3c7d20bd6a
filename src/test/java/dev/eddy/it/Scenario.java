package dev.eddy.it;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What to run and what must be true of it.
 *
 * @param name for the summary
 * @param folder for data and outputs
 * @param records to send, all partitions together
 * @param seed of the feed and of what the script does
 * @param exactlyOnce or else at least once
 * @param settings of the learner
 * @param guarantees of a run, given what an uninterrupted one computes
 * @param oneModel told of the guarantee when partitions learn one model; null if each learns its own
 */
record Scenario(
        String name,
        Path folder,
        long records,
        long seed,
        boolean exactlyOnce,
        Map<String, String> settings,
        Function<UninterruptedRun, List<Guarantee>> guarantees,
        @Nullable Consumer<OneModel> oneModel) {

    /** What is done to a run's processes. */
    @FunctionalInterface
    interface Script {
        void play(Run run) throws Exception;
    }

    /** Exactly once, with all guarantees. */
    static Scenario of(String name, Path folder, long records, long seed) {
        return new Scenario(
                name,
                folder,
                records,
                seed,
                true,
                Settings.SMALL,
                same -> List.of(new NoLoss(), new NoDuplicate(), new SameValue(same), new SameWeights(same)),
                null);
    }

    /** The same at least once: there may be duplicates. */
    Scenario atLeastOnce() {
        return new Scenario(
                name,
                folder,
                records,
                seed,
                false,
                settings,
                same -> List.of(new NoLoss(), new SameValue(same), new SameWeights(same)),
                null);
    }

    /** The same of partitions that learn one model: scores and weights depend on when they meet. */
    Scenario synchronised(Consumer<OneModel> told) {
        return new Scenario(
                name,
                folder,
                records,
                seed,
                exactlyOnce,
                settings,
                same -> List.of(new NoLoss(), new NoDuplicate()),
                told);
    }

    /** The same with other guarantees. */
    Scenario promising(Function<UninterruptedRun, List<Guarantee>> others) {
        return new Scenario(name, folder, records, seed, exactlyOnce, settings, others, oneModel);
    }

    /** The same with a setting. */
    Scenario with(String key, String value) {
        Map<String, String> more = new HashMap<>(settings);
        more.put(key, value);
        return new Scenario(name, folder, records, seed, exactlyOnce, more, guarantees, oneModel);
    }

    /** The same without some settings. */
    Scenario without(String... keys) {
        Map<String, String> less = new HashMap<>(settings);
        less.keySet().removeAll(List.of(keys));
        return new Scenario(name, folder, records, seed, exactlyOnce, less, guarantees, oneModel);
    }

    /** Plays the script, lets the stream come to its end, checks the guarantees, and prints a line. */
    void play(Script script) throws Exception {
        Run run = Run.start(this);
        try (run) {
            script.play(run);
            run.finish();
            System.out.println(name + ": " + run.summary());
        } catch (AssertionError | Exception e) {
            throw new AssertionError(
                    "repeat with -Deddy.chaos.seed=" + seed + ": " + e.getMessage() + "\nafter " + run.summary()
                            + run.tails(),
                    e);
        }
    }
}
