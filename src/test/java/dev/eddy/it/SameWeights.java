package dev.eddy.it;

import java.util.List;

/** Each partition's weights, and how far it has come, are those of the uninterrupted run. */
final class SameWeights implements Guarantee {

    private final UninterruptedRun expected;
    private List<Model> models = List.of();

    SameWeights(UninterruptedRun expected) {
        this.expected = expected;
    }

    @Override
    public void learned(List<Model> learned) {
        models = learned;
    }

    @Override
    public void check() {
        List<Model> uninterrupted = expected.models();
        if (models.size() != uninterrupted.size()) {
            throw new AssertionError("models " + models + ", expected " + uninterrupted);
        }
        for (int i = 0; i < models.size(); i++) {
            Model is = models.get(i);
            Model should = uninterrupted.get(i);
            // The snapshot may have been written after bad records that follow the last one trained on.
            boolean sameOffset = is.nextOffset() >= should.nextOffset()
                    && is.nextOffset() <= expected.firstUntrained(should.partition());
            if (is.partition() != should.partition()
                    || is.step() != should.step()
                    || !is.sha256().equals(should.sha256())
                    || !sameOffset) {
                throw new AssertionError("model " + is + ", expected " + should);
            }
        }
    }
}
