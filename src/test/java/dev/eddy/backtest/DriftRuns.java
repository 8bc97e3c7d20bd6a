package dev.eddy.backtest;

import dev.eddy.image.Geometry;
import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.StepReport;
import dev.eddy.nn.CounterRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * What happens when the images that are normal change. A stream of {@link #BEFORE} images of the first five classes, and
 * a few more by the seed, lest the change always comes at the same place in a micro-batch, is followed by {@link #AFTER} of another kind; the share of the new kind may rise slowly, or come and go.
 */
final class DriftRuns {

    static final int BEFORE = 12_000;
    static final int AFTER = 6_000;

    /** Records over which a rate of false positives is taken. */
    private static final int STRETCH = 500;

    /** Records before the change that a gate that stands still has its threshold of. */
    private static final int LAST = 2000;

    /** Records between two switches of what comes and goes. */
    private static final int TERM = 1500;

    private static final double RECOVERED = 0.02;
    private static final double ALPHA = 0.01;

    private final LearnerConfig config;
    private final LabelledImages train;
    private final Spread found;
    private final int before;

    DriftRuns(LearnerConfig config, LabelledImages train, Spread found) {
        this.config = config;
        this.train = train;
        this.found = found;
        this.before = BEFORE + (int) Math.floorMod(13 * config.seed(), (long) config.batchSize());
    }

    void run() {
        Geometry geometry = train.geometry();
        CounterRandom random = new CounterRandom(config.seed(), -4);
        random.at(0, 0);
        List<byte[]> known = shuffled(0, 4);
        List<byte[]> swapped = shuffled(5, 9);
        List<byte[]> inverted = new ArrayList<>();
        List<byte[]> dark = new ArrayList<>();
        for (byte[] image : known.subList(before, before + AFTER)) {
            inverted.add(Spoilt.INVERTED.of(image, geometry, random));
            dark.add(darker(image));
        }
        abrupt("classes", known, swapped);
        int[] rejected = abrupt("inversion", known, inverted);
        abrupt("brightness", known, dark);
        gradual("classes", known, swapped);
        gradual("inversion", known, inverted);
        gradual("brightness", known, dark);
        recurring("classes", known, swapped);
        recurring("inversion", known, inverted);
        recurring("brightness", known, dark);
        share("sustained anomaly", known, inverted, AFTER, i -> 0.2);
        for (int thousand = 0; thousand < rejected.length; thousand++) {
            found.add("inverted, kept from training of 1000 no. " + (thousand + 1), (double) rejected[thousand]);
        }
        found.add("inverted, trained on behind a gate that stands still", (double) starvation(known, inverted));
    }

    private List<byte[]> shuffled(int from, int to) {
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < train.size(); i++) {
            Integer label = train.label(i);
            if (label != null && label >= from && label <= to) {
                images.add(train.images().get(i));
            }
        }
        CounterRandom random = new CounterRandom(config.seed(), -5);
        random.at(from, 0);
        for (int i = images.size() - 1; i > 0; i--) {
            byte[] image = images.get(i);
            int j = random.below(i + 1);
            images.set(i, images.get(j));
            images.set(j, image);
        }
        return images;
    }

    private static byte[] darker(byte[] image) {
        byte[] dark = new byte[image.length];
        for (int i = 0; i < image.length; i++) {
            dark[i] = (byte) ((image[i] & 0xFF) / 2);
        }
        return dark;
    }

    private int[] abrupt(String name, List<byte[]> known, List<byte[]> other) {
        return share("abrupt " + name, known, other, AFTER, i -> 1);
    }

    private void gradual(String name, List<byte[]> known, List<byte[]> other) {
        share("gradual " + name, known, other, AFTER, i -> i / (AFTER / 2.0));
    }

    private void recurring(String name, List<byte[]> known, List<byte[]> other) {
        share("recurring " + name, known, other, TERM, i -> i / TERM % 2 == 0 ? 1 : 0);
    }

    /**
     * @param term records from one switch to the next; of recovery and delay the worst after any switch counts
     * @param share of the new kind among what comes, by the records since the change
     * @return how many were kept from training, of each thousand since the change
     */
    private int[] share(String name, List<byte[]> known, List<byte[]> other, int term, IntToDoubleFunction share) {
        CounterRandom random = new CounterRandom(config.seed(), -6);
        random.at(name.length(), 0);
        boolean[] flagged = new boolean[AFTER];
        int early = 0;
        int[] delays = new int[AFTER / term]; // 0 for no alarm
        int alarms = 0;
        int[] rejected = new int[AFTER / 1000];
        int strange = 0;
        int caught = 0;
        boolean[] changed = new boolean[AFTER];
        try (Learner learner = new Learner(config, 0)) {
            for (int i = 0; i < before + AFTER; i++) {
                int since = i - before;
                if (since >= 0) {
                    changed[since] = random.uniform() < share.applyAsDouble(since);
                }
                learner.add(since >= 0 && changed[since] ? other.get(since) : known.get(i));
                if (learner.isFull()) {
                    for (int row = 0; row < learner.rows(); row++) {
                        int at = since + 1 - learner.rows() + row;
                        if (at >= 0) {
                            flagged[at] = learner.score(row).pValue() <= ALPHA;
                            strange += changed[at] ? 1 : 0;
                            caught += changed[at] && flagged[at] ? 1 : 0;
                        }
                    }
                    StepReport report = learner.train();
                    if (since < 0) {
                        early += report.driftAlarms();
                        continue;
                    }
                    rejected[since / 1000] += report.rejected();
                    if (report.driftAlarms() > 0) {
                        alarms += report.driftAlarms();
                        int at = since / term;
                        delays[at] = delays[at] == 0 ? since % term + 1 : delays[at];
                    }
                }
            }
        }
        int recovery = 0;
        for (int from = 0; from < AFTER; from += term) {
            recovery = Math.max(recovery, recovery(Arrays.copyOfRange(flagged, from, from + term)));
        }
        int delay = Arrays.stream(delays).max().orElse(0);
        found.add(name + ": back under 2 % after", (double) recovery);
        found.add(name + ": alarm after", delay == 0 ? null : Double.valueOf(delay));
        found.add(name + ": switches with an alarm, of " + delays.length, (double)
                Arrays.stream(delays).filter(d -> d > 0).count());
        found.add(name + ": alarms", (double) alarms);
        found.add(name + ": false alarms before", (double) early);
        found.add(name + ": kept from training, first 1000", (double) rejected[0]);
        found.add(name + ": of the new kind flagged %", 100.0 * caught / Math.max(1, strange));
        return rejected;
    }

    /** The first record such that under 2 % of those that follow it, {@link #STRETCH} of them, are flagged. */
    private static int recovery(boolean[] flagged) {
        for (int from = 0; from + STRETCH <= flagged.length; from++) {
            int sum = 0;
            for (int i = from; i < from + STRETCH; i++) {
                sum += flagged[i] ? 1 : 0;
            }
            if (sum < RECOVERED * STRETCH) {
                return from;
            }
        }
        return flagged.length;
    }

    /**
     * A gate that never opens again: trains on only those of the new kind whose error is at most the highest of the
     * {@link #LAST} before the change, which lets more pass than the quantile of the default gate would.
     *
     * @return how many of {@link #AFTER} it let pass
     */
    private int starvation(List<byte[]> known, List<byte[]> other) {
        double threshold = 0;
        int passed = 0;
        try (Learner learner = new Learner(config, 0)) {
            for (int i = 0; i < before; i++) {
                learner.add(known.get(i));
                if (learner.isFull()) {
                    for (int row = 0; i >= before - LAST && row < learner.rows(); row++) {
                        threshold = Math.max(threshold, learner.score(row).reconstructionError());
                    }
                    learner.train();
                }
            }
            int size = config.batchSize();
            List<byte[]> waiting = new ArrayList<>();
            for (int from = 0; from < AFTER; from += size) {
                List<byte[]> block = other.subList(from, Math.min(from + size, AFTER));
                learner.discard();
                block.forEach(learner::add);
                for (int row = 0; row < block.size(); row++) {
                    if (learner.score(row).reconstructionError() <= threshold) {
                        waiting.add(block.get(row));
                        passed++;
                    }
                }
                if (waiting.size() >= size) {
                    List<byte[]> next = waiting.subList(0, size);
                    learner.discard();
                    next.forEach(learner::add);
                    learner.train();
                    next.clear();
                }
            }
        }
        return passed;
    }
}
