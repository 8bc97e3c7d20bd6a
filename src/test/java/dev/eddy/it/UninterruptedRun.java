package dev.eddy.it;

import dev.eddy.learn.Learner;
import dev.eddy.learn.LearnerConfig;
import dev.eddy.learn.Score;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a run computes that nothing ever happens to: the fold over the same records, without Kafka. */
final class UninterruptedRun implements AutoCloseable {

    private final List<Partition> partitions = new ArrayList<>();

    UninterruptedRun(LearnerConfig config, int count) {
        for (int i = 0; i < count; i++) {
            partitions.add(new Partition(new Learner(config, i), i));
        }
    }

    /** Folds in the next record of its partition. */
    void add(Sent sent) {
        if (sent.valid() && sent.value() != null) {
            partitions.get(sent.partition()).add(sent.offset(), sent.value());
        }
    }

    /** A record's score; null if it is no image. */
    @Nullable
    Score score(Place place) {
        return partitions.get(place.partition()).score(place.offset());
    }

    /** The weights now; {@code nextOffset} follows the last record trained on. */
    List<Model> models() {
        return partitions.stream().map(Partition::model).toList();
    }

    /** The first image not trained on, or the end of all offsets. */
    long firstUntrained(int partition) {
        List<Long> pending = partitions.get(partition).pending;
        return pending.isEmpty() ? Long.MAX_VALUE : pending.get(0);
    }

    @Override
    public void close() {
        partitions.forEach(partition -> partition.learner.close());
    }

    private static final class Partition {

        private final Learner learner;
        private final int number;
        private final Map<Long, Score> scores = new HashMap<>();
        private final List<Long> pending = new ArrayList<>();
        private long nextOffset;

        Partition(Learner learner, int number) {
            this.learner = learner;
            this.number = number;
        }

        void add(long offset, byte[] pixels) {
            learner.add(pixels);
            pending.add(offset);
            if (learner.isFull()) {
                scorePending();
                learner.train();
                pending.clear();
                nextOffset = offset + 1;
            }
        }

        private void scorePending() {
            for (int row = 0; row < pending.size(); row++) {
                scores.put(pending.get(row), learner.score(row));
            }
        }

        @Nullable
        Score score(long offset) {
            if (!scores.containsKey(offset)) {
                scorePending();
            }
            return scores.get(offset);
        }

        Model model() {
            return new Model(number, learner.step(), nextOffset, learner.round(), learner.weightsSha256());
        }
    }
}
