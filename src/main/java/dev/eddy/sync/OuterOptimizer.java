package dev.eddy.sync;

/**
 * How the average of the differences moves the global weights: DiLoCo's outer step (Douillard et al.,
 * arXiv 2311.08105), a gradient step with Nesterov's momentum whose gradient is the negative average.
 *
 * @param learningRate over 0; 1 with no momentum is plain averaging
 * @param momentum 0 to under 1
 */
public record OuterOptimizer(double learningRate, double momentum) {

    /** Moves {@code weights} and {@code velocity}, both written to, along {@code average}. */
    void step(float[] weights, float[] velocity, float[] average) {
        float rate = (float) learningRate;
        float decay = (float) momentum;
        for (int i = 0; i < weights.length; i++) {
            float moved = decay * velocity[i] + average[i];
            velocity[i] = moved;
            weights[i] += rate * (average[i] + decay * moved);
        }
    }
}
