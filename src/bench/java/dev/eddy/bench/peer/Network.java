package dev.eddy.bench.peer;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Fully connected layers with leaky ReLUs between them: parameters as {@code nn.Linear} holds them. */
@SuppressWarnings("try") // guards are held, not used
final class Network {

    private final List<Integer> widths;
    private final double leak;
    private final List<Tensor> parameters = new ArrayList<>(); // weight (out, in), bias (out), weight, ...

    Network(int inputs, List<Integer> hidden, int outputs, double leak) {
        this.widths = new ArrayList<>();
        widths.add(inputs);
        widths.addAll(hidden);
        widths.add(outputs);
        this.leak = leak;
        for (int layer = 0; layer < count(); layer++) {
            int in = widths.get(layer);
            int out = widths.get(layer + 1);
            Tensor weight = torch.randn(out, in).mul_(new Scalar(Math.sqrt(2.0 / (in + out))));
            parameters.add(weight.set_requires_grad(true));
            parameters.add(torch.zeros(out).set_requires_grad(true));
        }
    }

    int count() {
        return widths.size() - 1;
    }

    List<Tensor> parameters() {
        return parameters;
    }

    /** Copies of the parameters, for a moving average. */
    List<Tensor> copy() {
        List<Tensor> copies = new ArrayList<>();
        for (Tensor parameter : parameters) {
            copies.add(parameter.detach().clone());
        }
        return copies;
    }

    Tensor forward(Tensor x) {
        return forward(x, parameters, null);
    }

    /** With other parameters, such as an average; collects the hidden activations where wanted. */
    Tensor forward(Tensor x, List<Tensor> with, @org.jspecify.annotations.Nullable List<Tensor> hidden) {
        Tensor h = x;
        for (int layer = 0; layer < count(); layer++) {
            h = torch.linear(h, with.get(2 * layer), new org.bytedeco.pytorch.TensorOptional(with.get(2 * layer + 1)));
            if (layer < count() - 1) {
                h = leak == 0 ? torch.relu(h) : torch.leaky_relu(h, new Scalar(leak));
                if (hidden != null) {
                    hidden.add(h);
                }
            }
        }
        return h;
    }

    /** Sets the parameters from Eddy's flat form, weights (in, out), from {@code offset} on; returns the end. */
    int load(float[] flat, int offset) {
        int at = offset;
        try (NoGradGuard guard = new NoGradGuard()) {
            for (int layer = 0; layer < count(); layer++) {
                int in = widths.get(layer);
                int out = widths.get(layer + 1);
                float[] weight = java.util.Arrays.copyOfRange(flat, at, at + in * out);
                parameters.get(2 * layer).copy_(Tensor.create(weight, in, out).t());
                at += in * out;
                parameters.get(2 * layer + 1).copy_(Tensor.create(java.util.Arrays.copyOfRange(flat, at, at + out)));
                at += out;
            }
        }
        return at;
    }

    /** Writes the gradients in Eddy's flat form. */
    int gradients(float[] flat, int offset) {
        int at = offset;
        for (int i = 0; i < parameters.size(); i++) {
            Tensor gradient = parameters.get(i).grad();
            at = Floats.read(i % 2 == 0 ? gradient.t().contiguous() : gradient, flat, at);
        }
        return at;
    }

    static TensorVector vector(List<Tensor> tensors) {
        return new TensorVector(tensors.toArray(Tensor[]::new));
    }

    static Adam adam(List<Tensor> parameters, double learningRate, double beta1) {
        AdamOptions options = new AdamOptions(learningRate);
        DoublePointer betas = options.betas();
        betas.put(0, beta1);
        betas.put(1, 0.999);
        return new Adam(vector(parameters), options);
    }

    /** Euclidean norm over all gradients, as {@code clip_grad_norm_} computes it. */
    static Tensor gradientNorm(List<Tensor> parameters) {
        TensorVector norms = new TensorVector();
        for (Tensor parameter : parameters) {
            norms.push_back(torch.norm(parameter.grad()));
        }
        return torch.norm(torch.stack(norms));
    }

    static void follow(List<Tensor> average, List<Tensor> parameters, double decay) {
        try (NoGradGuard guard = new NoGradGuard()) {
            for (int i = 0; i < average.size(); i++) {
                average.get(i).lerp_(parameters.get(i), new Scalar(1 - decay));
            }
        }
    }

    static BoolOptional yes() {
        return new BoolOptional(true);
    }
}
