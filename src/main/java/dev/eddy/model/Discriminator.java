package dev.eddy.model;

import dev.eddy.nn.Adam;
import dev.eddy.nn.Blas;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Elementwise;
import dev.eddy.nn.Layers;
import dev.eddy.nn.Matrix;
import dev.eddy.nn.Parameters;
import dev.eddy.nn.Pass;
import dev.eddy.nn.StateVisitor;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The discriminator with its loss, gradients and gradient penalties in closed form. A leaky-ReLU network is piecewise
 * linear, so with slopes m_l at the hidden layers, weights W_l and the last layer's w:
 *
 * <pre>
 * d_L = m_L * w            d_(l-1) = m_(l-1) * (d_l W_l')      the logit by each layer, (2 rows, width)
 * u   = d_1 W_1'                                               the logit by the input, (2 rows, size)
 * t_1 = m_1 * (u W_1)      t_l = m_l * (t_(l-1) W_l)           half the squared norm of u by each layer's activation
 * dW_1 = (c x + g u)' d_1  dW_l = (c a_(l-1) + g t_(l-1))' d_l   dw = sum (c a_L + g t_L)   db_l = sum c d_l
 * </pre>
 *
 * with c the loss by the logit and g the penalty's weight, row by row. Rows 0 to rows - 1 are real, the rest fake.
 */
final class Discriminator implements AutoCloseable {

    private final GanConfig config;
    private final int size;
    private final int rows;
    private final Layers layers;
    private final int last; // index of the output layer
    private final Parameters weights;
    private final Parameters gradients;
    private final Adam adam;
    private final Pass pass; // over (2 rows, width)
    private final Matrix[] chain; // d_l for hidden layer l at [l], 1 to last; u at [0]
    private final Matrix[] mixed; // t_l, then c a_l + g t_l, at [l], 0 to last; c x + g u at [0]
    private final float[][] slopes; // m_l at [l], 1 to last
    private final FloatPointer[] weightPointers;
    private final FloatPointer[] gradientPointers;
    private final float[] byLogit; // c, (2 rows)
    private final float[] penalty; // g, (2 rows)
    private final float[] byFake; // the generator's loss by the fake's logit, (rows)
    private final float[] scratch;
    private final float inputScale;

    Discriminator(GanConfig config, int size, int rows) {
        this.config = config;
        this.size = size;
        this.rows = rows;
        this.layers = Layers.of(size, config.discriminator(), 1, 0, config.leak());
        this.last = layers.count() - 1;
        this.weights = new Parameters(layers.end());
        this.gradients = new Parameters(layers.end());
        this.adam = new Adam(layers.end(), config.learningRate(), config.beta1(), 0.999);
        this.pass = new Pass(layers, 2 * rows, weights, null);
        this.chain = new Matrix[last + 1];
        this.mixed = new Matrix[last + 1];
        this.slopes = new float[last + 1][];
        this.weightPointers = new FloatPointer[last + 1];
        this.gradientPointers = new FloatPointer[last + 1];
        for (int layer = 0; layer <= last; layer++) {
            int width = layers.inputs(layer);
            chain[layer] = new Matrix(2 * rows, width);
            mixed[layer] = new Matrix(2 * rows, width);
            slopes[layer] = new float[layer == 0 ? 0 : 2 * rows * width];
            weightPointers[layer] = weights.flat().pointer(layers.weightOffset(layer));
            gradientPointers[layer] = gradients.flat().pointer(layers.weightOffset(layer));
        }
        this.byLogit = new float[2 * rows];
        this.penalty = new float[2 * rows];
        this.byFake = new float[rows];
        this.scratch = new float[size];
        this.inputScale = config.dataInitialisation() ? 2 : 1;
    }

    void initialise(CounterRandom random) {
        layers.initialise(weights.values(), random, config.dataInitialisation());
    }

    /**
     * Computes the discriminator's gradients and what {@link #generatorDelta} needs.
     *
     * @param real (rows, size), each in [0, 1]
     * @param fake (rows, size), each in [0, 1]
     * @param importance weight of each pair, (rows)
     * @param loss where the figures go
     */
    void run(float[] real, float[] fake, float[] importance, GanLoss loss) {
        float total = 0;
        for (int row = 0; row < rows; row++) {
            total += importance[row];
        }
        loss.applied = total > 0;
        loss.finite = true;
        if (total == 0) {
            return;
        }
        boolean penalised = config.loss() == GanConfig.Loss.RELATIVISTIC && config.gamma() > 0;
        fillInput(real, fake);
        pass.forward();
        judge(importance, total, loss);
        differentiateLogit();
        if (penalised) {
            // The penalty is on the gradient by pixels in [0, 1]: inputScale times the one by the input.
            addPenalties(importance, total, (float) config.gamma() * inputScale * inputScale, loss);
        }
        mix(penalised);
        takeGradients();
        loss.discriminatorGradientNorm = Blas.norm(gradients.flat());
    }

    private void fillInput(float[] real, float[] fake) {
        float shift = inputScale == 2 ? -1 : 0;
        float[] input = pass.input().values();
        int half = rows * size;
        for (int i = 0; i < half; i++) {
            input[i] = inputScale * real[i] + shift;
        }
        for (int i = 0; i < half; i++) {
            input[half + i] = inputScale * fake[i] + shift;
        }
        pass.input().toNative();
    }

    /** Losses of both sides and their derivatives by the logits. */
    private void judge(float[] importance, float total, GanLoss loss) {
        float[] logits = pass.output().values();
        boolean pairs = config.loss() == GanConfig.Loss.RELATIVISTIC;
        double lossOfGenerator = 0;
        double lossOfDiscriminator = 0;
        int realRight = 0;
        int fakeRight = 0;
        for (int row = 0; row < rows; row++) {
            float a = logits[row];
            float b = logits[rows + row];
            float share = importance[row] / total;
            realRight += a > 0 ? 1 : 0;
            fakeRight += b < 0 ? 1 : 0;
            if (pairs) {
                lossOfDiscriminator += share * softplus(b - a);
                lossOfGenerator += share * softplus(a - b);
                byLogit[row] = -share * sigmoid(b - a);
                byLogit[rows + row] = share * sigmoid(b - a);
                byFake[row] = -share * sigmoid(a - b);
            } else {
                lossOfDiscriminator += share * (softplus(-a) + softplus(b));
                lossOfGenerator += share * softplus(-b);
                byLogit[row] = -share * sigmoid(-a);
                byLogit[rows + row] = share * sigmoid(b);
                byFake[row] = -share * sigmoid(-b);
            }
        }
        loss.generator = lossOfGenerator;
        loss.discriminator = lossOfDiscriminator;
        loss.realAccuracy = (double) realRight / rows;
        loss.fakeAccuracy = (double) fakeRight / rows;
    }

    /** d_L down to d_1, then u. */
    private void differentiateLogit() {
        int width = layers.inputs(last);
        int at = layers.weightOffset(last);
        float[] d = chain[last].values();
        float[] w = weights.values();
        takeSlopes(last);
        for (int row = 0; row < 2 * rows; row++) {
            int offset = row * width;
            for (int i = 0; i < width; i++) {
                d[offset + i] = slopes[last][offset + i] * w[at + i];
            }
        }
        chain[last].toNative();
        for (int layer = last - 1; layer >= 0; layer--) {
            int in = layers.inputs(layer);
            int out = layers.outputs(layer);
            Blas.multiplyTransposedRight(
                    2 * rows, in, out, chain[layer + 1].pointer(), weightPointers[layer], 0, chain[layer].pointer());
            chain[layer].toHeap();
            if (layer > 0) {
                takeSlopes(layer);
                float[] below = chain[layer].values();
                Elementwise.times(below, slopes[layer], below, below.length);
                chain[layer].toNative();
            }
        }
    }

    private void takeSlopes(int layer) {
        float[] activation = pass.activation(layer).values();
        Elementwise.leakyReluSlope(activation, slopes[layer], activation.length, layers.leak());
    }

    /** t_1 to t_L, and the penalty's value. */
    private void addPenalties(float[] importance, float total, float gamma, GanLoss loss) {
        double sum = 0;
        float[] u = chain[0].values();
        for (int row = 0; row < 2 * rows; row++) {
            penalty[row] = gamma * importance[row % rows] / total;
            for (int i = 0; i < size; i++) {
                scratch[i] = u[row * size + i] * u[row * size + i];
            }
            sum += 0.5 * penalty[row] * Elementwise.sum(scratch, size);
        }
        loss.discriminator += sum;
        for (int layer = 1; layer <= last; layer++) {
            int in = layers.inputs(layer - 1);
            int out = layers.inputs(layer);
            FloatPointer below = layer == 1 ? chain[0].pointer() : mixed[layer - 1].pointer();
            Blas.multiply(2 * rows, out, in, below, weightPointers[layer - 1], 0, mixed[layer].pointer());
            mixed[layer].toHeap();
            float[] t = mixed[layer].values();
            Elementwise.times(t, slopes[layer], t, t.length);
            mixed[layer].toNative();
        }
    }

    /** c a_l + g t_l, with u for t_0. */
    private void mix(boolean penalised) {
        for (int layer = 0; layer <= last; layer++) {
            int width = layers.inputs(layer);
            float[] a = pass.activation(layer).values();
            float[] t = layer == 0 ? chain[0].values() : mixed[layer].values();
            float[] sum = mixed[layer].values();
            for (int row = 0; row < 2 * rows; row++) {
                float c = byLogit[row];
                float g = penalty[row];
                int from = row * width;
                if (penalised) {
                    for (int i = from; i < from + width; i++) {
                        sum[i] = c * a[i] + g * t[i];
                    }
                } else {
                    for (int i = from; i < from + width; i++) {
                        sum[i] = c * a[i];
                    }
                }
            }
            mixed[layer].toNative();
        }
    }

    private void takeGradients() {
        float[] g = gradients.values();
        for (int layer = 0; layer < last; layer++) {
            int in = layers.inputs(layer);
            int out = layers.outputs(layer);
            float[] d = chain[layer + 1].values();
            Blas.multiplyTransposedLeft(
                    in, out, 2 * rows, mixed[layer].pointer(), chain[layer + 1].pointer(), 0, gradientPointers[layer]);
            int bias = layers.biasOffset(layer);
            java.util.Arrays.fill(g, bias, bias + out, 0);
            for (int row = 0; row < 2 * rows; row++) {
                float c = byLogit[row];
                int from = row * out;
                for (int i = 0; i < out; i++) {
                    g[bias + i] += c * d[from + i];
                }
            }
            gradients.flat().toNative(bias, out);
        }
        int width = layers.inputs(last);
        int at = layers.weightOffset(last);
        Elementwise.columnSums(mixed[last].values(), g, at, 2 * rows, width);
        float sum = 0;
        for (float c : byLogit) {
            sum += c;
        }
        g[at + width] = sum;
        gradients.flat().toNative(at, width + 1);
    }

    /** The generator's loss by the fake pixels, (rows, size). */
    void generatorDelta(float[] delta) {
        float[] u = chain[0].values();
        int half = rows * size;
        for (int row = 0; row < rows; row++) {
            float c = inputScale * byFake[row];
            for (int i = row * size; i < (row + 1) * size; i++) {
                delta[i] = c * u[half + i];
            }
        }
    }

    void update() {
        adam.update(weights, gradients, weights, 0);
    }

    Parameters weights() {
        return weights;
    }

    Parameters gradients() {
        return gradients;
    }

    void visitAdam(String name, StateVisitor visitor) {
        adam.visit(name, visitor);
    }

    private static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private static float sigmoid(double x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    @Override
    public void close() {
        pass.close();
        for (Matrix matrix : chain) {
            matrix.close();
        }
        for (Matrix matrix : mixed) {
            matrix.close();
        }
        gradients.close();
        weights.close();
    }
}
