package dev.eddy.learn;

/** What a stream of random numbers is drawn for. */
enum Purpose {
    VAE_WEIGHTS(0),
    GAN_WEIGHTS(1),
    VAE_NOISE(2),
    GAN_NOISE(3),
    VAE_SAMPLES(4),
    GAN_SAMPLES(5),
    RESERVOIR(6),
    REPLAY(7),
    EVALUATION(8),
    GAN_REPLAY(9);

    /** Part of the stream's key: never changed, never used again. */
    final int key;

    Purpose(int key) {
        this.key = key;
    }
}
