package dev.eddy.sync;

/**
 * The weights that all partitions have learned together.
 *
 * @param seed of the configuration
 * @param round their version, 1 the first
 * @param contributors partitions that contributed to this round
 * @param samples images behind their contributions
 * @param weights of all networks, one after the other
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record GlobalWeights(long seed, long round, int contributors, long samples, float[] weights) {}
