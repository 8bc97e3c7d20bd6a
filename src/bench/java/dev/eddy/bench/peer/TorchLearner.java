package dev.eddy.bench.peer;

import dev.eddy.learn.AnomalyConfig;
import dev.eddy.learn.LearnerConfig;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The whole fold over micro-batches of bytes: scores, p-values, gate, updates, calibration. */
@SuppressWarnings("try") // guards are held, not used
final class TorchLearner {

    private static final double FREEDOM = 3;
    private static final int MINIMUM = 256;
    private static final int STANDARD = 256;
    private static final float NORMAL = 1.4826f; // deviation of a normal distribution over its median distance
    private static final float GATE_DEVIATIONS = 2.5f;
    private static final double[] ENTROPY = new double[256];

    static {
        for (int i = 1; i < 255; i++) {
            double x = i / 255.0;
            ENTROPY[i] = -x * Math.log(x) - (1 - x) * Math.log(1 - x);
        }
    }

    private final AnomalyConfig config;
    private final int rows;
    private final int vaeRows;
    private final int size;
    private final TorchVae vae;
    private final TorchGan gan;
    private final TorchScorer scorer;
    private final int dimensions;
    private final BytePointer bytes;
    private final float[] entropies;
    private final Tensor vectors; // (referenceWindow, dimensions), a ring
    private final Tensor latents; // (referenceWindow, latent), a ring beside it
    private final Tensor references; // (STANDARD, 4): logarithms of error, both distances and cross-entropy
    private final Tensor weights; // (4): what each counts in the score
    private final Tensor scores; // (window, 2): main score and gate score
    private final Tensor mean; // (dimensions)
    private final Tensor factor; // (dimensions, dimensions)
    private long accepted;
    private long scored;
    private long nextFit = MINIMUM;

    /** The scores of the last micro-batch: score, error, KL, distance, p-value, row by row. */
    final float[] results;

    TorchLearner(LearnerConfig config) {
        this.config = config.anomaly();
        this.rows = config.batchSize();
        this.vaeRows = config.vae().batchSize();
        this.size = config.geometry().size();
        this.vae = new TorchVae(config.vae(), size);
        this.gan = new TorchGan(config.gan(), size);
        this.scorer = new TorchScorer(vae);
        this.dimensions = scorer.dimensions();
        this.bytes = new BytePointer((long) rows * size);
        this.entropies = new float[rows];
        this.vectors = torch.zeros(config.anomaly().referenceWindow(), dimensions);
        this.latents =
                torch.zeros(config.anomaly().referenceWindow(), config.vae().latent());
        this.references = torch.zeros(STANDARD, 4);
        this.weights = Tensor.create(1f, 0.5f, 0.5f, 0f);
        this.scores = torch.zeros(config.anomaly().window(), 2);
        this.mean = torch.zeros(dimensions);
        this.factor = torch.eye(dimensions);
        this.results = new float[5 * rows];
    }

    /** One micro-batch; everything that it creates must be freed by the caller's scope. */
    void step(byte[][] pictures, int offset) {
        for (int row = 0; row < rows; row++) {
            byte[] picture = pictures[(offset + row) % pictures.length];
            bytes.position((long) row * size).put(picture);
            double entropy = 0;
            for (byte pixel : picture) {
                entropy += ENTROPY[pixel & 0xFF];
            }
            entropies[row] = (float) entropy;
        }
        bytes.position(0);
        Tensor x = torch.from_blob(bytes, new long[] {rows, size}, new TensorOptions(torch.ScalarType.Byte))
                .to(torch.ScalarType.Float)
                .div(new Scalar(255f));
        Tensor importance;
        try (NoGradGuard guard = new NoGradGuard()) {
            importance = score(x);
        }
        for (int start = 0; start < rows; start += vaeRows) {
            vae.step(x.narrow(0, start, vaeRows), share(importance.narrow(0, start, vaeRows)));
        }
        gan.step(x, share(importance));
        if (accepted >= nextFit) {
            try (NoGradGuard guard = new NoGradGuard()) {
                fit();
            }
            nextFit = accepted < config.referenceWindow()
                    ? Math.min(2 * accepted, config.referenceWindow())
                    : accepted + (long) config.refreshSteps() * rows;
        }
    }

    static Tensor share(Tensor importance) {
        return importance.div(importance.sum());
    }

    private Tensor score(Tensor x) {
        TorchScorer.Measures measures = scorer.measure(x, mean, factor);
        Tensor error = measures.crossEntropy().sub(Tensor.create(entropies));
        Tensor logs = torch.stack(
                        new TensorVector(error, measures.rapp(), apart(measures.means()), measures.crossEntropy()), 1)
                .clamp(new org.bytedeco.pytorch.ScalarOptional(new Scalar(1e-6f)))
                .log();
        Tensor standard = logs;
        if (scored > 0) {
            Tensor recent = references.narrow(0, 0, Math.min(scored, STANDARD));
            Tensor median = recent.median(0, true).get0();
            Tensor spread = recent.sub(median).abs().median(0, true).get0().mul(new Scalar(NORMAL));
            standard = logs.sub(median).div(spread.clamp_min(new Scalar(1e-6f)));
        }
        Tensor main = standard.mul(weights).sum(1);
        Tensor strangest = standard.max(1).get0();
        long size = Math.min(scored, config.window());
        Tensor window = scores.narrow(0, 0, size);
        Tensor p = window.narrow(1, 0, 1)
                .transpose(0, 1)
                .ge(main.unsqueeze(1))
                .sum(1)
                .add(new Scalar(1f))
                .div(new Scalar(size + 1f));
        Floats.read(
                torch.stack(new TensorVector(main, error, measures.kl(), measures.rapp(), p), 1)
                        .contiguous(),
                results,
                0);
        Tensor importance = torch.full(new long[] {rows}, new Scalar(1f));
        if (config.gate() && size >= MINIMUM) {
            long rank = Math.min(size, (long) (config.gateQuantile() * size) + 1);
            Tensor threshold =
                    window.narrow(1, 1, 1).reshape(size).kthvalue(rank).get0();
            importance = strangest
                    .le(threshold.clamp_min(new Scalar(GATE_DEVIATIONS)))
                    .to(torch.ScalarType.Float);
        }
        remember(measures, logs, main, strangest, importance);
        return importance;
    }

    /** Root of the mean square distance of each mean from its nearest neighbours among those remembered. */
    private Tensor apart(Tensor means) {
        long held = Math.min(accepted, config.referenceWindow());
        int count = config.neighbours();
        if (count == 0 || held < count) {
            return torch.full(new long[] {rows}, new Scalar(1f));
        }
        return torch.cdist(means, latents.narrow(0, 0, held))
                .topk(count, 1, false, false)
                .get0()
                .square()
                .mean(1)
                .sqrt();
    }

    private void remember(
            TorchScorer.Measures measures, Tensor logs, Tensor main, Tensor strangest, Tensor importance) {
        Tensor slots = ring(scored, rows, config.window());
        scores.index_copy_(0, slots, torch.stack(new TensorVector(main, strangest), 1));
        references.index_copy_(0, ring(scored, rows, STANDARD), logs);
        scored += rows;
        Tensor kept = importance.nonzero().reshape(-1);
        long count = kept.size(0);
        Tensor places = ring(accepted, count, config.referenceWindow());
        vectors.index_copy_(0, places, measures.differences().index_select(0, kept));
        latents.index_copy_(0, places, measures.means().index_select(0, kept));
        accepted += count;
    }

    private static Tensor ring(long from, long count, long capacity) {
        long[] slots = new long[(int) count];
        for (int i = 0; i < count; i++) {
            slots[i] = (from + i) % capacity;
        }
        return Tensor.create(slots);
    }

    /** Shrunk covariance of the ring, Student-t weighted if it is to be robust; the inverse of its Cholesky factor. */
    private void fit() {
        long count = Math.min(accepted, config.referenceWindow());
        Tensor all = vectors.narrow(0, 0, count);
        Tensor weights = config.robust() ? studentWeights(all) : torch.full(new long[] {count}, new Scalar(1f));
        weights = weights.div(weights.sum());
        fit(all, weights);
    }

    private Tensor studentWeights(Tensor all) {
        Tensor squares = TorchScorer.distances(all, mean, factor).square();
        Tensor weights = squares.add(new Scalar((float) FREEDOM)).pow(new Scalar(-1f));
        return weights.mul(new Scalar((float) (FREEDOM + dimensions)));
    }

    private void fit(Tensor all, Tensor weights) {
        Tensor centre = all.mul(weights.unsqueeze(1)).sum(0);
        Tensor centred = all.sub(centre).mul(weights.sqrt().unsqueeze(1));
        Tensor covariance = centred.t().mm(centred);
        float shrinkage = (float) config.shrinkage();
        float ridge = shrinkage * torch.trace(covariance).item_float() / dimensions;
        covariance = covariance
                .mul(new Scalar(1 - shrinkage))
                .add(torch.eye(dimensions).mul(new Scalar(ridge)));
        Tensor lower = torch.linalg_cholesky_ex(covariance).get0();
        Tensor inverse = torch.linalg_solve_triangular(lower, torch.eye(dimensions), false);
        mean.copy_(centre);
        factor.copy_(inverse.t());
    }
}
