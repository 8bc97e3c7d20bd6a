package dev.eddy.learn;

import dev.eddy.nn.StateVisitor;

/**
 * Says when training is to end: when a model's updates have come out not finite, and were discarded, time after time.
 * Each model is counted for itself, for one that learns must not hide that the other does not.
 */
final class DiscardedUpdates {

    private final int limit;
    private int vae; // in a row
    private int gan; // in a row

    DiscardedUpdates(int limit) {
        this.limit = limit;
    }

    void countVae(boolean finite) {
        vae = finite ? 0 : vae + 1;
    }

    void countGan(boolean finite) {
        gan = finite ? 0 : gan + 1;
    }

    boolean limitReached() {
        return Math.max(vae, gan) >= limit;
    }

    void forget() {
        vae = 0;
        gan = 0;
    }

    /** One number: the VAE's count in the lower 32 bits, the GAN's above. */
    void visit(String name, StateVisitor visitor) {
        long[] both = {(long) gan << Integer.SIZE | vae};
        visitor.longs(name, both);
        vae = (int) both[0];
        gan = (int) (both[0] >>> Integer.SIZE);
    }
}
