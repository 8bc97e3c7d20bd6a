package dev.eddy.exchange;

import dev.eddy.image.Geometry;
import dev.eddy.learn.Learner;
import dev.eddy.learn.ScoreScale;
import dev.eddy.nn.Layers;
import dev.eddy.snapshot.SnapshotHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.TensorProto.DataType;

/**
 * A model as ONNX files, each with {@link Metadata}; all of any batch size.
 *
 * <pre>
 * encoder    image uint8 (batch, height, width, channels)  ->  mean, logVariance float (batch, latent)
 * decoder    latent float (batch, latent)                  ->  image float in [0, 1]
 * scorer     image uint8                                   ->  score, pValue, reconstructionError, kl, rapp float (batch),
 *                                                              anomaly bool (batch), reconstruction float in [0, 1]
 * generator  noise float (batch, noise), standard normal   ->  image float in [0, 1]
 * </pre>
 *
 * <p>The weights are those that score and sample: the moving averages. What is a sum of many small differences, as the
 * reconstruction error is, is computed in float64.
 */
public final class OnnxModels {

    private final SnapshotHeader header;
    private final Geometry geometry;
    private final ScoreScale scale;
    private final ScoringWeights weights = new ScoringWeights();
    private final int latent;

    private OnnxModels(SnapshotHeader header, Learner learner) {
        this.header = header;
        this.geometry = learner.config().geometry();
        this.scale = learner.scale();
        learner.visitModel(weights);
        this.latent = weights.layers("decoder").inputs(0);
    }

    /** The bytes of each file, by the names above. */
    public static Map<String, byte[]> write(SnapshotHeader header, Learner learner) {
        OnnxModels models = new OnnxModels(header, learner);
        Map<String, byte[]> files = new LinkedHashMap<>();
        files.put("encoder", models.encoder());
        files.put("decoder", models.decoder());
        files.put("scorer", models.scorer());
        files.put("generator", models.generator());
        return files;
    }

    private byte[] encoder() {
        OnnxGraph graph = new OnnxGraph("encoder", "The posterior of an image: a Gaussian in the latent space.");
        List<String> layers = pass(graph, "encoder", pixels(graph, image(graph)));
        List<String> posterior = posterior(graph, layers);
        graph.output(posterior.get(0), "mean", DataType.FLOAT, "Mean of the posterior.", latent);
        graph.output(posterior.get(1), "logVariance", DataType.FLOAT, "Its logarithmic variance.", latent);
        return bytes(graph);
    }

    private byte[] decoder() {
        OnnxGraph graph = new OnnxGraph("decoder", "The image of a point in the latent space.");
        String point = graph.input("latent", DataType.FLOAT, "A point; standard normal for samples.", latent);
        picture(graph, graph.op("Sigmoid", last(pass(graph, "decoder", point))), "image", "The image.");
        return bytes(graph);
    }

    private byte[] generator() {
        OnnxGraph graph = new OnnxGraph("generator", "An image from noise.");
        int noise = weights.layers("generator").inputs(0);
        String input = graph.input("noise", DataType.FLOAT, "Independent standard normals.", noise);
        picture(graph, graph.op("Sigmoid", last(pass(graph, "generator", input))), "image", "The image.");
        return bytes(graph);
    }

    private byte[] scorer() {
        OnnxGraph graph = new OnnxGraph("scorer", "How unusual an image is, as Eddy scores it.");
        String image = image(graph);
        List<String> first = pass(graph, "encoder", pixels(graph, image));
        List<String> posterior = posterior(graph, first);
        String logits = last(pass(graph, "decoder", posterior.get(0)));
        String reconstruction = graph.op("Sigmoid", logits);
        List<String> second = pass(graph, "encoder", reconstruction);
        List<String> differences = new ArrayList<>();
        for (int layer = 0; layer < first.size() - 1; layer++) {
            differences.add(graph.op("Sub", first.get(layer), second.get(layer)));
        }
        differences.add(
                graph.op("Sub", posterior.get(0), posterior(graph, second).get(0)));

        OnnxScore measures = new OnnxScore(graph, scale, latent);
        String rapp = measures.rapp(differences);
        String error = measures.reconstructionError(image, logits);
        String score = graph.cast(measures.score(rapp, error, posterior.get(0)), DataType.FLOAT);
        scalar(graph, score, "score", "The main score: higher is stranger.");
        scalar(graph, measures.pValue(score), "pValue", "The share of recent scores at least as high, over 0 to 1.");
        graph.output(
                graph.op("Greater", score, graph.floats(new float[] {(float) scale.threshold()}, 0)),
                "anomaly",
                DataType.BOOL,
                "Whether the p-value is at most anomaly.alpha.");
        scalar(graph, graph.cast(error, DataType.FLOAT), "reconstructionError", "Nats, at least 0.");
        scalar(graph, measures.kl(posterior), "kl", "Of the posterior from the prior, nats, at least 0.");
        scalar(graph, graph.cast(rapp, DataType.FLOAT), "rapp", "Distance of the activations (RaPP), at least 0.");
        picture(graph, reconstruction, "reconstruction", "What the model makes of the image.");
        return bytes(graph);
    }

    private String image(OnnxGraph graph) {
        return graph.input(
                "image",
                DataType.UINT8,
                "Pixels, 0 to 255: height, width, channels.",
                geometry.height(),
                geometry.width(),
                geometry.channels());
    }

    private static String pixels(OnnxGraph graph, String image) {
        String values = graph.op("Flatten", "axis", 1, graph.cast(image, DataType.FLOAT));
        return graph.op("Div", values, graph.floats(new float[] {255}, 0));
    }

    /** The outputs of all layers of a network. */
    private List<String> pass(OnnxGraph graph, String network, String input) {
        Layers layers = weights.layers(network);
        float[] values = weights.values(network);
        List<String> outputs = new ArrayList<>();
        String value = input;
        for (int layer = 0; layer < layers.count(); layer++) {
            int in = layers.inputs(layer);
            int out = layers.outputs(layer);
            String weight = graph.floats(values, layers.weightOffset(layer), in, out);
            String bias = graph.floats(values, layers.biasOffset(layer), out);
            value = graph.op("Gemm", value, weight, bias);
            if (layer < layers.count() - 1) {
                value = layers.leak() == 0
                        ? graph.op("Relu", value)
                        : graph.op("LeakyRelu", Map.of("alpha", layers.leak()), 1, value)
                                .get(0);
            }
            outputs.add(value);
        }
        return outputs;
    }

    /** Mean and logarithmic variance, from the outputs of the encoder's layers. */
    private List<String> posterior(OnnxGraph graph, List<String> layers) {
        return graph.op("Split", Map.of("axis", 1), 2, last(layers), graph.integers(latent, latent));
    }

    private void picture(OnnxGraph graph, String value, String name, String description) {
        String shaped = graph.op(
                "Reshape", value, graph.integers(-1, geometry.height(), geometry.width(), geometry.channels()));
        graph.output(
                shaped,
                name,
                DataType.FLOAT,
                description + " Pixels, 0 to 1.",
                geometry.height(),
                geometry.width(),
                geometry.channels());
    }

    private static void scalar(OnnxGraph graph, String value, String name, String description) {
        graph.output(value, name, DataType.FLOAT, description);
    }

    private static String last(List<String> outputs) {
        return outputs.get(outputs.size() - 1);
    }

    private byte[] bytes(OnnxGraph graph) {
        return graph.bytes(header.codeVersion(), Metadata.of(header));
    }
}
