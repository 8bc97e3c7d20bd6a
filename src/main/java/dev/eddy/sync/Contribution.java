package dev.eddy.sync;

/**
 * What one partition has learned since it last contributed.
 *
 * @param seed of the configuration: contributions of another model are foreign
 * @param partition who contributes
 * @param round the version of the global weights that the difference is to, 0 for none yet
 * @param step micro-batches that the partition has been trained on in all
 * @param samples images that it was trained on since it last contributed, over 0
 * @param difference the partition's weights less its anchor; in round 0, where there is no anchor, the weights
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Contribution(long seed, int partition, long round, long step, long samples, float[] difference) {}
