package dev.eddy.exchange;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.eddy.image.Geometry;
import dev.eddy.learn.ScoreScale;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** An exported network in ONNX Runtime. */
public final class OnnxNetwork implements AutoCloseable {

    private static final OrtEnvironment ORT = OrtEnvironment.getEnvironment();

    private final OrtSession session;

    public OnnxNetwork(byte[] file) throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        session = ORT.createSession(file, options);
    }

    /** What a network makes of some rows, by the names of its outputs. */
    public record Outputs(Map<String, Object> values, Map<String, long[]> shapes) {

        /** An output of float32, row after row. */
        public float[] floats(String name) {
            return flat(value(name));
        }

        public boolean[] booleans(String name) {
            return (boolean[]) value(name);
        }

        /** One row of an output of float32 with more than one dimension. */
        public float[] row(String name, int row) {
            return flat(((Object[]) value(name))[row]);
        }

        long[] shape(String name) {
            return Objects.requireNonNull(shapes.get(name), name);
        }

        private Object value(String name) {
            return Objects.requireNonNull(values.get(name), name);
        }

        private static float[] flat(Object array) {
            if (array instanceof float[] row) {
                return row;
            }
            List<float[]> rows =
                    Arrays.stream((Object[]) array).map(Outputs::flat).toList();
            FloatBuffer all = FloatBuffer.allocate(
                    rows.stream().mapToInt(row -> row.length).sum());
            rows.forEach(all::put);
            return all.array();
        }
    }

    /** How far two p-values of nearly the same score may be apart: a last digit decides how it ranks among its like. */
    public static double closeRanks(ScoreScale scale, double score, double close) {
        long near = 0;
        for (float recent : scale.recent()) {
            near += Math.abs(recent - score) < close ? 1 : 0;
        }
        return close + (double) near / (scale.recent().length + 1);
    }

    Map<String, String> metadata() throws OrtException {
        return session.getMetadata().getCustomMetadata();
    }

    /** Takes images in. */
    public Outputs run(Geometry geometry, List<byte[]> images) throws OrtException {
        ByteBuffer pixels = ByteBuffer.allocateDirect(images.size() * geometry.size());
        images.forEach(pixels::put);
        pixels.flip();
        long[] shape = {images.size(), geometry.height(), geometry.width(), geometry.channels()};
        return run("image", OnnxTensor.createTensor(ORT, pixels, shape, OnnxJavaType.UINT8));
    }

    /** Takes rows of {@code width} numbers in. */
    Outputs run(String input, float[] rows, int width) throws OrtException {
        long[] shape = {rows.length / width, width};
        return run(input, OnnxTensor.createTensor(ORT, FloatBuffer.wrap(rows), shape));
    }

    private Outputs run(String input, OnnxTensor tensor) throws OrtException {
        try (tensor;
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            Map<String, Object> values = new HashMap<>();
            Map<String, long[]> shapes = new HashMap<>();
            for (Map.Entry<String, OnnxValue> output : result) {
                OnnxTensor value = (OnnxTensor) output.getValue();
                values.put(output.getKey(), value.getValue());
                shapes.put(output.getKey(), value.getInfo().getShape());
            }
            return new Outputs(values, shapes);
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
