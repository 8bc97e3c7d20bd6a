package dev.eddy.model;

import dev.eddy.nn.Adam;
import dev.eddy.nn.Blas;
import dev.eddy.nn.CounterRandom;
import dev.eddy.nn.Gradients;
import dev.eddy.nn.Layers;
import dev.eddy.nn.Matrix;
import dev.eddy.nn.Parameters;
import dev.eddy.nn.Pass;
import java.util.Arrays;
import java.util.Collections;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The discriminator with its loss, gradients and gradient penalties in closed form. A leaky-ReLU network is piecewise
 * linear, so with slopes m_l at the hidden layers, weights W_l and the last layer's w:
 *
 * <pre>
 * d_L = m_L * w            d_(l-1) = m_(l-1) * (d_l W_l')      the logit by each layer, (2 rows, width)
 * t_0 = d_1 W_1'                                               the logit by the input, (2 rows, size)
 * t_l = m_l * (t_(l-1) W_l)                                    half t_0's squared norm by the logit's by a_l
 * dW_l = (c a_(l-1) + g t_(l-1))' d_l   dw = sum (c a_L + g t_L)   db_l = sum c d_l
 * </pre>
 *
 * with a_0 the input, c the loss by the logit and g the penalty's weight, row by row. Rows 0 to rows - 1 are real, the
 * rest fake.
 */
final class Discriminator implements AutoCloseable {

    private final GanConfig config;
    private final int size;
    private final int rows;
    private final Layers layers;
    private final int last; // index of the output layer
    private final Parameters weights;
    private final Gradients gradients;
    private final Adam adam;
    private final Pass pass; // over (2 rows, width)
    private final Matrix[] chain; // d_l for hidden layer l at [l - 1]
    private final Matrix[] mixed; // t_l, then c a_l + g t_l, at [l]; without penalties t_0, and c a_L
    private final FloatPointer[] weightPointers; // brought in line by the pass forward
    private final AdversarialLoss losses;
    private final Matrix byLogit; // c, (2 rows), the losses' own
    private final Matrix ones; // (2 rows), to sum over them
    private final float[] penalty; // g, (2 rows)
    private final float[] scratch; // one row, as the next
    private final float[] activation;
    private final float inputScale;
    private final boolean penalised;
    private final FloatPointer fakeChain; // d_1 of the fake rows
    private final FloatPointer fakeInput; // t_0 of the fake rows

    Discriminator(GanConfig config, int size, int rows) {
        this.config = config;
        this.size = size;
        this.rows = rows;
        this.layers = Layers.of(size, config.discriminator(), 1, 0, config.leak());
        this.last = layers.count() - 1;
        this.weights = new Parameters(layers.end());
        this.gradients = new Gradients(2 * rows, layers);
        this.adam = new Adam(layers.end(), config.learningRate(), config.beta1(), 0.999);
        this.pass = new Pass(layers, 2 * rows, weights, null);
        this.chain = new Matrix[last];
        this.mixed = new Matrix[last + 1];
        this.weightPointers = new FloatPointer[last + 1];
        for (int layer = 0; layer <= last; layer++) {
            int width = layers.inputs(layer);
            if (layer > 0) {
                chain[layer - 1] = new Matrix(2 * rows, width);
            }
            mixed[layer] = new Matrix(2 * rows, width);
            weightPointers[layer] = weights.pointer(layers.weightOffset(layer));
        }
        this.losses = new AdversarialLoss(config.loss(), rows);
        this.byLogit = losses.byLogit();
        this.ones = new Matrix(1, 2 * rows);
        Arrays.fill(ones.values(), 1);
        ones.toNative();
        this.penalty = new float[2 * rows];
        int widest = Collections.max(layers.widths());
        this.scratch = new float[widest];
        this.activation = new float[widest];
        this.inputScale = config.dataInitialisation() ? 2 : 1;
        this.penalised = config.loss() == GanConfig.Loss.RELATIVISTIC && config.gamma() > 0;
        this.fakeChain = chain[0].pointer(rows * chain[0].columns());
        this.fakeInput = mixed[0].pointer(rows * size);
    }

    void initialise(CounterRandom random) {
        layers.initialise(weights.values(), random, config.dataInitialisation());
    }

    /**
     * Computes the discriminator's gradients and the generator's loss by its output, unless no image weighs anything.
     *
     * @param real (rows, size), each in [0, 1]
     * @param fake (rows, size), each in [0, 1]: the sigmoid of the generator's output
     * @param importance weight of each pair, (rows)
     * @param generatorDelta (rows, size), written, off-heap side: the generator's loss by its output before that sigmoid
     * @param loss where the figures go
     */
    void run(float[] real, float[] fake, float[] importance, Matrix generatorDelta, GanLoss loss) {
        float total = 0;
        for (int row = 0; row < rows; row++) {
            total += importance[row];
        }
        loss.applied = total > 0;
        loss.finite = true;
        if (total == 0) {
            return;
        }
        fillInput(real, fake);
        pass.forward();
        losses.judge(pass.output().values(), importance, total, loss);
        differentiateLogit();
        if (penalised) {
            // The penalty is on the gradient by pixels in [0, 1]: inputScale times the one by the input.
            addPenalties(importance, total, (float) config.gamma() * inputScale * inputScale, loss);
        }
        differentiateFake(fake, generatorDelta);
        if (penalised) {
            mix();
        } else {
            scale();
        }
        takeGradients();
        loss.discriminatorGradientNorm = gradients.norm();
    }

    private void fillInput(float[] real, float[] fake) {
        float shift = inputScale == 2 ? -1 : 0;
        for (int row = 0; row < 2 * rows; row++) {
            System.arraycopy(row < rows ? real : fake, row % rows * size, scratch, 0, size);
            for (int i = 0; i < size; i++) {
                scratch[i] = inputScale * scratch[i] + shift;
            }
            pass.input().writeRowToNative(row, scratch);
        }
    }

    /** d_L down to d_1, then t_0, of the fake rows alone where nothing else is asked for. */
    private void differentiateLogit() {
        Matrix top = chain[last - 1];
        for (int row = 0; row < 2 * rows; row++) {
            System.arraycopy(weights.values(), layers.weightOffset(last), scratch, 0, top.columns());
            pass.timesSlopes(scratch, last, row);
            top.writeRowToNative(row, scratch);
        }
        for (int layer = last - 1; layer >= 1; layer--) {
            down(layer, 2 * rows, chain[layer].pointer(), chain[layer - 1].pointer());
            pass.timesSlopes(chain[layer - 1], layer);
        }
        if (penalised) {
            down(0, 2 * rows, chain[0].pointer(), mixed[0].pointer());
        } else {
            down(0, rows, fakeChain, fakeInput);
        }
    }

    private void down(int layer, int count, FloatPointer from, FloatPointer to) {
        Blas.multiplyTransposedRight(
                count, layers.inputs(layer), layers.outputs(layer), from, weightPointers[layer], 0, to);
    }

    /** t_1 to t_L, the last without m_L yet, and the penalty's value. */
    private void addPenalties(float[] importance, float total, float gamma, GanLoss loss) {
        double sum = 0;
        for (int row = 0; row < 2 * rows; row++) {
            penalty[row] = gamma * importance[row % rows] / total;
            sum += 0.5 * penalty[row] * Blas.squares(mixed[0], row);
        }
        loss.discriminator += sum;
        for (int layer = 1; layer <= last; layer++) {
            int in = layers.inputs(layer - 1);
            int out = layers.inputs(layer);
            FloatPointer below = mixed[layer - 1].pointer();
            Blas.multiply(2 * rows, out, in, below, weightPointers[layer - 1], 0, mixed[layer].pointer());
            if (layer < last) {
                pass.timesSlopes(mixed[layer], layer);
            }
        }
    }

    /** The generator's loss by its output before the sigmoid p, whose derivative is p (1 - p). */
    private void differentiateFake(float[] fake, Matrix delta) {
        float[] byFake = losses.byFake();
        for (int row = 0; row < rows; row++) {
            mixed[0].readRows(rows + row, 1, scratch);
            System.arraycopy(fake, row * size, activation, 0, size);
            float c = inputScale * byFake[row];
            for (int i = 0; i < size; i++) {
                scratch[i] *= c * activation[i] * (1 - activation[i]);
            }
            delta.writeRowToNative(row, scratch);
        }
    }

    /** c a_l + g t_l, once t_L has its m_L. */
    private void mix() {
        for (int layer = 0; layer <= last; layer++) {
            int width = layers.inputs(layer);
            for (int row = 0; row < 2 * rows; row++) {
                mixed[layer].readRows(row, 1, scratch);
                if (layer == last) {
                    pass.timesSlopes(scratch, layer, row);
                }
                pass.activation(layer).readRows(row, 1, activation);
                float c = byLogit.values()[row];
                float g = penalty[row];
                for (int i = 0; i < width; i++) {
                    scratch[i] = c * activation[i] + g * scratch[i];
                }
                mixed[layer].writeRowToNative(row, scratch);
            }
        }
    }

    /** c a_L, and c d_l in place of d_l: without penalties the smaller side of the products takes the factor. */
    private void scale() {
        scale(pass.activation(last), mixed[last]);
        for (Matrix d : chain) {
            scale(d, d);
        }
    }

    private void scale(Matrix x, Matrix y) {
        int width = x.columns();
        for (int row = 0; row < 2 * rows; row++) {
            x.readRows(row, 1, scratch);
            float c = byLogit.values()[row];
            for (int i = 0; i < width; i++) {
                scratch[i] *= c;
            }
            y.writeRowToNative(row, scratch);
        }
    }

    private void takeGradients() {
        gradients.begin();
        Matrix byBias = penalised ? byLogit : ones;
        for (int layer = 0; layer < last; layer++) {
            FloatPointer left = (penalised ? mixed[layer] : pass.activation(layer)).pointer();
            FloatPointer d = chain[layer].pointer();
            gradients.multiply(layers, layer, left, d);
            gradients.sum(layers.biasOffset(layer), layers.outputs(layer), d, byBias.pointer());
        }
        FloatPointer left = mixed[last].pointer();
        gradients.sum(layers.weightOffset(last), layers.inputs(last), left, ones.pointer());
        gradients.sum(layers.biasOffset(last), 1, byLogit.pointer(), ones.pointer());
    }

    void update() {
        adam.update(weights, gradients, weights, 0);
    }

    Parameters weights() {
        return weights;
    }

    Gradients gradients() {
        return gradients;
    }

    Adam adam() {
        return adam;
    }

    Layers layers() {
        return layers;
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
        losses.close();
        ones.close();
        gradients.close();
        weights.close();
    }
}
