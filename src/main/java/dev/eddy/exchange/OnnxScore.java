package dev.eddy.exchange;

import dev.eddy.learn.ScoreScale;
import java.util.List;
import java.util.Map;
import onnx.Onnx.TensorProto.DataType;

/** The measures of an image and what {@link ScoreScale} makes of them, as operators; all are (batch). */
final class OnnxScore {

    private final OnnxGraph graph;
    private final ScoreScale scale;
    private final int latent; // dimensions

    OnnxScore(OnnxGraph graph, ScoreScale scale, int latent) {
        this.latent = latent;
        this.graph = graph;
        this.scale = scale;
    }

    /**
     * RaPP's distance, float64.
     *
     * @param differences of all activations, each (batch, width)
     */
    String rapp(List<String> differences) {
        int dimensions = scale.mean().length;
        String vector = graph.op("Concat", Map.of("axis", 1), 1, differences.toArray(String[]::new))
                .get(0);
        String centred = graph.op("Sub", vector, graph.floats(scale.mean(), 0, dimensions));
        String factor = graph.floats(scale.factor(), 0, dimensions, dimensions);
        String whitened = graph.op("Gemm", "transB", 1, centred, factor);
        return graph.op("Sqrt", sum(graph.op("Mul", twice(whitened), twice(whitened))));
    }

    /** Cross-entropy on logits less the image's own entropy, float64: sum of softplus(l) - x l + x ln x + (1-x) ln(1-x). */
    String reconstructionError(String image, String logits) {
        String one = graph.number(1);
        String x = graph.op("Div", graph.op("Flatten", "axis", 1, twice(image)), graph.number(255));
        String l = twice(logits);
        String tail = graph.op("Log", graph.op("Add", one, graph.op("Exp", graph.op("Neg", graph.op("Abs", l)))));
        String softplus = graph.op("Add", graph.op("Max", l, graph.number(0)), tail);
        String crossEntropy = graph.op("Sub", softplus, graph.op("Mul", x, l));
        String entropy = graph.op("Add", timesLog(x), timesLog(graph.op("Sub", one, x)));
        return graph.op("Max", sum(graph.op("Add", crossEntropy, entropy)), graph.number(0));
    }

    /** x ln x, 0 where x is 0. */
    private String timesLog(String x) {
        return graph.op("Mul", x, graph.op("Log", graph.op("Max", x, graph.number(Double.MIN_NORMAL))));
    }

    /** The main score, float64; {@code mean} is the posterior's, (batch, latent). */
    String score(String rapp, String error, String mean) {
        String score = graph.op("Add", weighted(error, scale.error()), weighted(rapp, scale.rapp()));
        return scale.latent().weight() == 0
                ? score
                : graph.op("Add", score, weighted(latentDistance(mean), scale.latent()));
    }

    private String weighted(String value, ScoreScale.Measure measure) {
        String logarithm = graph.op("Log", graph.op("Max", value, graph.number(scale.least())));
        String centred = graph.op("Sub", logarithm, graph.number(measure.centre()));
        return graph.op("Mul", centred, graph.number(measure.weight() / measure.spread()));
    }

    /** Root of the mean of the smallest {@code |x|^2 + |r|^2 - 2 r x}, float64. */
    private String latentDistance(String mean) {
        int held = scale.neighbours().length / latent;
        String x = twice(mean);
        String all = twice(graph.floats(scale.neighbours(), 0, held, latent));
        String lengths = graph.op("Unsqueeze", sum(graph.op("Mul", x, x)), graph.integers(1));
        String lengthsOfAll = sum(graph.op("Mul", all, all));
        String products = graph.op("MatMul", x, graph.op("Transpose", all));
        String squares =
                graph.op("Sub", graph.op("Add", lengths, lengthsOfAll), graph.op("Mul", products, graph.number(2)));
        String nearest = graph.op("TopK", Map.of("axis", 1, "largest", 0), 2, squares, graph.integers(scale.nearest()))
                .get(0);
        String average = graph.op("Div", sum(nearest), graph.number(scale.nearest()));
        return graph.op("Sqrt", graph.op("Max", average, graph.number(0)));
    }

    /** The conformal p-value of a float32 score, float32. */
    String pValue(String score) {
        int n = scale.recent().length;
        float[] recent =
                n == 0 ? new float[] {Float.NEGATIVE_INFINITY} : scale.recent(); // an empty constant is refused
        String column = graph.op("Unsqueeze", score, graph.integers(1));
        String higher = graph.op("GreaterOrEqual", graph.floats(recent, 0, 1, recent.length), column);
        String counted = graph.op("Add", sum(graph.cast(higher, DataType.DOUBLE)), graph.number(1));
        return graph.cast(graph.op("Div", counted, graph.number(n + 1.0)), DataType.FLOAT);
    }

    /** (mean^2 + exp(logVariance) - logVariance - 1) / 2, summed over the latent space; float32. */
    String kl(List<String> posterior) {
        String mean = twice(posterior.get(0));
        String logVariance = twice(posterior.get(1));
        String squares = graph.op("Add", graph.op("Mul", mean, mean), graph.op("Exp", logVariance));
        String rest = graph.op("Sub", graph.op("Sub", squares, logVariance), graph.number(1));
        return graph.cast(sum(graph.op("Mul", rest, graph.number(0.5))), DataType.FLOAT);
    }

    private String twice(String value) {
        return graph.cast(value, DataType.DOUBLE);
    }

    /** Over the second dimension. */
    private String sum(String value) {
        return graph.op("ReduceSum", "keepdims", 0, value, graph.integers(1));
    }
}
