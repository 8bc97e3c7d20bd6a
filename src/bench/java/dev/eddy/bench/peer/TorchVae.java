package dev.eddy.bench.peer;

import dev.eddy.model.VaeConfig;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The VAE: step and what the scorer needs. */
final class TorchVae {

    private static final long SUM = 2;

    final Network encoder;
    final Network decoder;
    final List<Tensor> parameters = new ArrayList<>();
    final List<Tensor> encoderAverage;
    final List<Tensor> decoderAverage;
    private final List<Tensor> average = new ArrayList<>();
    private final VaeConfig config;
    private final Adam adam;
    private long updates;

    double reconstruction;
    double kl;

    TorchVae(VaeConfig config, int size) {
        this.config = config;
        this.encoder = new Network(size, config.encoder(), 2 * config.latent(), 0);
        this.decoder = new Network(config.latent(), config.decoder(), size, 0);
        parameters.addAll(encoder.parameters());
        parameters.addAll(decoder.parameters());
        this.encoderAverage = config.emaDecay() > 0 ? encoder.copy() : encoder.parameters();
        this.decoderAverage = config.emaDecay() > 0 ? decoder.copy() : decoder.parameters();
        if (config.emaDecay() > 0) {
            average.addAll(encoderAverage);
            average.addAll(decoderAverage);
        }
        this.adam = Network.adam(parameters, config.learningRate(), 0.9);
    }

    double klWeight() {
        return config.klWarmupSteps() == 0 ? 1 : Math.min(1, (updates + 1.0) / config.klWarmupSteps());
    }

    /** One update on {@code x} (rows, size) with the shares (rows) of the images in the loss. */
    void step(Tensor x, Tensor shares) {
        computeGradients(x, shares, torch.randn(x.size(0), config.latent()));
        double norm = Network.gradientNorm(parameters).item_float();
        if (Double.isFinite(norm + reconstruction + kl)) {
            adam.step();
            updates++;
            Network.follow(average, parameters, Math.min(config.emaDecay(), (1.0 + updates) / (10.0 + updates)));
        }
    }

    void computeGradients(Tensor x, Tensor shares, Tensor noise) {
        TensorVector posterior = encoder.forward(x).chunk(2, 1);
        Tensor mean = posterior.get(0);
        Tensor logVariance = posterior.get(1);
        Tensor z = mean.add(logVariance.mul(new Scalar(0.5f)).exp().mul(noise));
        Tensor logits = decoder.forward(z);
        Tensor weight = shares.unsqueeze(1);
        Tensor crossEntropy = torch.binary_cross_entropy_with_logits(
                logits, x, new TensorOptional(weight), new TensorOptional(), SUM);
        Tensor divergence = mean.square()
                .add(logVariance.exp())
                .sub(logVariance)
                .sub(new Scalar(1f))
                .mul(weight)
                .sum()
                .mul(new Scalar(0.5f));
        Tensor loss = crossEntropy.add(divergence.mul(new Scalar((float) klWeight())));
        adam.zero_grad();
        loss.backward();
        reconstruction = crossEntropy.item_float();
        kl = divergence.item_float();
    }
}
