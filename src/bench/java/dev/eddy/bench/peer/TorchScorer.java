package dev.eddy.bench.peer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Reconstruction, second pass through the encoder, cross-entropy, KL and RaPP distance; call it without gradients. */
final class TorchScorer {

    private static final long NONE = 0;

    /** All of one micro-batch; (rows) each, differences (rows, dimensions), posterior's means (rows, latent). */
    record Measures(Tensor crossEntropy, Tensor kl, Tensor rapp, Tensor differences, Tensor means) {}

    private final TorchVae vae;

    TorchScorer(TorchVae vae) {
        this.vae = vae;
    }

    /**
     * @param mean (dimensions)
     * @param factor (dimensions, dimensions), the transposed inverse of the covariance's Cholesky factor
     */
    Measures measure(Tensor x, Tensor mean, Tensor factor) {
        List<Tensor> first = new ArrayList<>();
        TensorVector posterior =
                vae.encoder.forward(x, vae.encoderAverage, first).chunk(2, 1);
        Tensor mu = posterior.get(0);
        Tensor logVariance = posterior.get(1);
        Tensor logits = vae.decoder.forward(mu, vae.decoderAverage, null);
        Tensor reconstruction = torch.sigmoid(logits);
        Tensor crossEntropy = torch.binary_cross_entropy_with_logits(
                        logits, x, new TensorOptional(), new TensorOptional(), NONE)
                .sum(1);
        Tensor kl = mu.square()
                .add(logVariance.exp())
                .sub(logVariance)
                .sub(new Scalar(1f))
                .sum(1)
                .mul(new Scalar(0.5f));
        List<Tensor> second = new ArrayList<>();
        Tensor again = vae.encoder
                .forward(reconstruction, vae.encoderAverage, second)
                .chunk(2, 1)
                .get(0);
        TensorVector parts = new TensorVector();
        for (int i = 0; i < first.size(); i++) {
            parts.push_back(first.get(i).sub(second.get(i)));
        }
        parts.push_back(mu.sub(again));
        Tensor differences = torch.cat(parts, 1);
        return new Measures(crossEntropy, kl, distances(differences, mean, factor), differences, mu);
    }

    static Tensor distances(Tensor vectors, Tensor mean, Tensor factor) {
        return vectors.sub(mean).mm(factor).square().sum(1).sqrt();
    }

    int dimensions() {
        int sum = (int) vae.decoder.parameters().get(0).size(1);
        for (int layer = 0; layer < vae.encoder.count() - 1; layer++) {
            sum += (int) vae.encoder.parameters().get(2 * layer).size(0);
        }
        return sum;
    }
}
