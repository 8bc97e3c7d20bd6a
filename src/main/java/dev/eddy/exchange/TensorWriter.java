package dev.eddy.exchange;

import dev.eddy.nn.Layers;
import dev.eddy.nn.Network;
import dev.eddy.nn.StateVisitor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a model's arrays into tensors. An array {@code a/b} becomes {@code a.b}, of one dimension. Networks come layer
 * by layer as PyTorch's {@code Linear} has them: {@code vae.average.encoder.0.weight} (outputs, inputs) and
 * {@code vae.average.encoder.0.bias} (outputs).
 */
final class TensorWriter implements StateVisitor {

    private final List<Tensor> tensors = new ArrayList<>();

    List<Tensor> tensors() {
        return tensors;
    }

    @Override
    public void weights(String name, List<Network> networks, float[] values) {
        for (Network network : networks) {
            Layers layers = network.layers();
            for (int layer = 0; layer < layers.count(); layer++) {
                int in = layers.inputs(layer);
                int out = layers.outputs(layer);
                byte[] weight = new byte[Math.multiplyExact(4, in * out)];
                ByteBuffer transposed = little(weight);
                for (int to = 0; to < out; to++) {
                    for (int from = 0; from < in; from++) {
                        transposed.putFloat(values[layers.weightOffset(layer) + from * out + to]);
                    }
                }
                add(layerName(name, network, layer, "weight"), Tensor.Type.F32, weight, out, in);
                byte[] bias = new byte[4 * out];
                little(bias).asFloatBuffer().put(values, layers.biasOffset(layer), out);
                add(layerName(name, network, layer, "bias"), Tensor.Type.F32, bias, out);
            }
        }
    }

    /** A network with the name of what it lies in is not named twice. */
    static String layerName(String array, Network network, int layer, String kind) {
        String own = array.contains("/" + network.name() + "/") ? "" : "." + network.name();
        return name(array) + own + "." + layer + "." + kind;
    }

    static String name(String array) {
        return array.replace('/', '.');
    }

    @Override
    public void floats(String name, float[] values) {
        byte[] bytes = new byte[Math.multiplyExact(4, values.length)];
        little(bytes).asFloatBuffer().put(values);
        add(name(name), Tensor.Type.F32, bytes, values.length);
    }

    @Override
    public void doubles(String name, double[] values) {
        byte[] bytes = new byte[Math.multiplyExact(8, values.length)];
        little(bytes).asDoubleBuffer().put(values);
        add(name(name), Tensor.Type.F64, bytes, values.length);
    }

    @Override
    public void longs(String name, long[] values) {
        byte[] bytes = new byte[Math.multiplyExact(8, values.length)];
        little(bytes).asLongBuffer().put(values);
        add(name(name), Tensor.Type.I64, bytes, values.length);
    }

    @Override
    public void bytes(String name, byte[] values) {
        add(name(name), Tensor.Type.U8, values.clone(), values.length);
    }

    private void add(String name, Tensor.Type type, byte[] bytes, int... shape) {
        tensors.add(new Tensor(name, type, shape, bytes));
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
