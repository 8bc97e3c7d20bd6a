package dev.eddy.stream;

import dev.eddy.sync.OuterOptimizer;

/**
 * How the partitions' contributions become global weights; how often they contribute is the learner's configuration.
 *
 * @param optimizer of the global weights
 * @param quorum share of the expected partitions that completes a round, over 0 to 1
 * @param timeoutMillis a round is closed with those that have contributed so long after the first
 */
public record SyncSettings(OuterOptimizer optimizer, double quorum, long timeoutMillis) {}
