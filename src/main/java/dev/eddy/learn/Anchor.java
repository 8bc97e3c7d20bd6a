package dev.eddy.learn;

import dev.eddy.nn.StateVisitor;
import dev.eddy.sync.Contribution;
import dev.eddy.sync.GlobalWeights;

/**
 * What a learner has in common with those of other partitions: the weights that its next contribution is the difference
 * to, and what it has learned since. Weights are those of all networks, one after the other.
 */
final class Anchor {

    private final long seed;
    private final int partition;
    private final int everySteps;
    private final FlatWeights weights;
    private final float[] base; // the anchor; the weights as contributed while the answer is awaited
    private final long[] round = new long[1]; // of the anchor, 0 for none
    private final long[] steps = new long[1]; // since the last contribution
    private final long[] samples = new long[1]; // since the last contribution
    private final long[] awaiting = new long[1]; // 1 between a contribution and the next global weights

    Anchor(long seed, int partition, int everySteps, FlatWeights weights) {
        this.seed = seed;
        this.partition = partition;
        this.everySteps = everySteps;
        this.weights = weights;
        this.base = new float[weights.length()];
    }

    long round() {
        return round[0];
    }

    /** Counts a micro-batch of which so many images were trained on. */
    void trained(int images) {
        steps[0]++;
        samples[0] += images;
    }

    /** One contribution for each anchor: a partition that is ahead of the others trains on until they have met. */
    boolean isDue() {
        return awaiting[0] == 0 && steps[0] >= everySteps && samples[0] > 0;
    }

    /** @param step micro-batches trained on in all */
    Contribution contribute(long step) {
        float[] now = weights.gather();
        float[] difference = new float[now.length];
        for (int i = 0; i < now.length; i++) {
            difference[i] = now[i] - base[i];
        }
        System.arraycopy(now, 0, base, 0, now.length);
        Contribution contribution = new Contribution(seed, partition, round[0], step, samples[0], difference);
        awaiting[0] = 1;
        steps[0] = 0;
        samples[0] = 0;
        return contribution;
    }

    /** Whether it has nothing in common with the others yet. */
    boolean isNewcomer() {
        return round[0] == 0 && awaiting[0] == 0;
    }

    /**
     * Moves the anchor and the weights: what was learned since the contribution, or since the anchor where there was
     * none, stays on top of the global weights. A newcomer takes them as they are.
     *
     * @return false if they are of another model, or not newer than the anchor
     */
    boolean adopt(GlobalWeights global) {
        float[] target = global.weights();
        if (global.seed() != seed || target.length != base.length || global.round() <= round[0]) {
            return false;
        }
        float[] now = weights.gather();
        if (isNewcomer()) {
            System.arraycopy(target, 0, now, 0, target.length);
            steps[0] = 0;
            samples[0] = 0;
        } else {
            for (int i = 0; i < target.length; i++) {
                now[i] = target[i] + (now[i] - base[i]);
            }
        }
        System.arraycopy(target, 0, base, 0, target.length);
        weights.scatter();
        round[0] = global.round();
        awaiting[0] = 0;
        return true;
    }

    void visit(String name, StateVisitor visitor) {
        visitor.longs(name + "/round", round);
        visitor.longs(name + "/steps", steps);
        visitor.longs(name + "/samples", samples);
        visitor.longs(name + "/awaiting", awaiting);
        visitor.floats(name + "/base", base);
    }
}
