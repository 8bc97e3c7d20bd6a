package dev.eddy.stream;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The run that never crashes: the learner fed with the log's valid images in order, without anything around it. */
final class Reference implements AutoCloseable {

    private final Learner learner;
    private final Map<Long, Score> scores = new TreeMap<>();
    private final List<String> digests = new ArrayList<>();

    Reference(LearnerConfig config, int partition) {
        learner = new Learner(config, partition);
        digests.add(learner.weightsSha256());
    }

    void add(long offset, byte[] pixels) {
        int row = learner.add(pixels);
        scores.put(offset, learner.score(row));
        if (learner.isFull()) {
            learner.train();
            digests.add(learner.weightsSha256());
        }
    }

    /** The score of each valid record by offset. */
    Map<Long, Score> scores() {
        return scores;
    }

    /** The digest of the weights after {@code step} micro-batches. */
    String digest(long step) {
        return digests.get((int) step);
    }

    long steps() {
        return digests.size() - 1L;
    }

    @Override
    public void close() {
        learner.close();
    }
}
