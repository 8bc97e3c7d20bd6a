package dev.eddy.bench.peer;

import dev.eddy.model.GanConfig;
import java.util.List;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorArrayRef;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The GAN: both networks updated from one forward pass of each, all gradients by autograd; a penalty is differentiated
 * twice. That the generator's gradient is the penalty's inner one, rescaled row by row, is what Eddy makes use of: here
 * it is a backward pass of its own.
 */
final class TorchGan {

    final Network generator;
    final Network discriminator;
    private final List<Tensor> average;
    private final GanConfig config;
    private final Adam generatorAdam;
    private final Adam discriminatorAdam;
    private long updates;

    double generatorLoss;
    double discriminatorLoss;
    double realAccuracy;
    double fakeAccuracy;

    TorchGan(GanConfig config, int size) {
        this.config = config;
        this.generator = new Network(config.noise(), config.generator(), size, config.leak());
        this.discriminator = new Network(size, config.discriminator(), 1, config.leak());
        this.average = config.emaDecay() > 0 ? generator.copy() : List.of();
        this.generatorAdam = Network.adam(generator.parameters(), config.learningRate(), config.beta1());
        this.discriminatorAdam = Network.adam(discriminator.parameters(), config.learningRate(), config.beta1());
    }

    /** One update of both on {@code real} (rows, size) with the shares (rows) of the pairs in the losses. */
    void step(Tensor real, Tensor shares) {
        computeGradients(real, shares, torch.randn(real.size(0), config.noise()));
        double norms = Network.gradientNorm(generator.parameters()).item_float()
                + Network.gradientNorm(discriminator.parameters()).item_float();
        if (Double.isFinite(norms + generatorLoss + discriminatorLoss)) {
            discriminatorAdam.step();
            generatorAdam.step();
            updates++;
            Network.follow(
                    average, generator.parameters(), Math.min(config.emaDecay(), (1.0 + updates) / (10.0 + updates)));
        }
    }

    void computeGradients(Tensor real, Tensor shares, Tensor noise) {
        generatorAdam.zero_grad();
        discriminatorAdam.zero_grad();
        Tensor fake = torch.sigmoid(generator.forward(noise));
        Tensor byFake = config.loss() == GanConfig.Loss.RELATIVISTIC
                ? relativistic(real, fake.detach(), shares)
                : nonSaturating(real, fake.detach(), shares);
        fake.backward(byFake, new BoolOptional(false), false, new TensorArrayRefOptional());
    }

    /**
     * Both halves in one pass, though the gradient of the generator's loss by the real one is thrown away. Two passes,
     * differentiated by the fake half alone, save that but have smaller products: on a busy machine they took 1.02 times
     * as long at 64 images (five series, 0.98 to 1.08) and 0.97 times at 128 (four, 0.94 to 1.02).
     */
    private Tensor relativistic(Tensor real, Tensor fake, Tensor shares) {
        long rows = real.size(0);
        Tensor pixels = torch.cat(new TensorVector(real, fake)).requires_grad_(true);
        Tensor logits = discriminator.forward(input(pixels)).reshape(2 * rows);
        Tensor a = logits.narrow(0, 0, rows);
        Tensor b = logits.narrow(0, rows, rows);
        Tensor loss = torch.softplus(b.sub(a)).mul(shares).sum();
        if (config.gamma() > 0) {
            Tensor u = torch.grad(
                            new TensorVector(logits.sum()),
                            new TensorVector(pixels),
                            new TensorVector(),
                            Network.yes(),
                            true,
                            false)
                    .get(0);
            Tensor penalty = u.square().sum(1).mul(torch.cat(new TensorVector(shares, shares)));
            loss = loss.add(penalty.sum().mul(new Scalar((float) config.gamma() / 2)));
        }
        Tensor other = torch.softplus(a.sub(b)).mul(shares).sum();
        Tensor byPixels = torch.grad(
                        new TensorVector(other),
                        new TensorVector(pixels),
                        new TensorVector(),
                        Network.yes(),
                        false,
                        false)
                .get(0);
        backward(loss);
        report(loss, other, a, b);
        return byPixels.narrow(0, rows, rows);
    }

    private Tensor nonSaturating(Tensor real, Tensor fake, Tensor shares) {
        long rows = real.size(0);
        Tensor pixels = fake.requires_grad_(true);
        Tensor a = discriminator.forward(input(real)).reshape(rows);
        Tensor b = discriminator.forward(input(pixels)).reshape(rows);
        Tensor loss = torch.softplus(a.neg()).add(torch.softplus(b)).mul(shares).sum();
        Tensor other = torch.softplus(b.neg()).mul(shares).sum();
        Tensor byPixels = torch.grad(
                        new TensorVector(other),
                        new TensorVector(pixels),
                        new TensorVector(),
                        Network.yes(),
                        false,
                        false)
                .get(0);
        backward(loss);
        report(loss, other, a, b);
        return byPixels;
    }

    private Tensor input(Tensor pixels) {
        return config.dataInitialisation() ? pixels.mul(new Scalar(2f)).sub(new Scalar(1f)) : pixels;
    }

    /** By the discriminator's parameters alone. */
    private void backward(Tensor loss) {
        TensorVector parameters = Network.vector(discriminator.parameters());
        loss.backward(
                new Tensor(),
                new BoolOptional(false),
                false,
                new TensorArrayRefOptional(new TensorArrayRef(parameters)));
    }

    private void report(Tensor loss, Tensor other, Tensor a, Tensor b) {
        discriminatorLoss = loss.item_float();
        generatorLoss = other.item_float();
        realAccuracy = a.gt(new Scalar(0f)).sum().item_int() / (double) a.size(0);
        fakeAccuracy = b.le(new Scalar(0f)).sum().item_int() / (double) a.size(0);
    }
}
