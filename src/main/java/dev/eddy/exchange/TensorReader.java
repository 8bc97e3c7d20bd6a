package dev.eddy.exchange;

import dev.eddy.nn.Layers;
import dev.eddy.nn.Network;
import dev.eddy.nn.StateVisitor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Fills a model's arrays from the tensors that {@link TensorWriter} made of one of the same shape. */
final class TensorReader implements StateVisitor {

    private final Map<String, Tensor> tensors = new HashMap<>();

    TensorReader(List<Tensor> tensors) {
        tensors.forEach(tensor -> this.tensors.put(tensor.name(), tensor));
    }

    @Override
    public void weights(String name, List<Network> networks, float[] values) {
        for (Network network : networks) {
            Layers layers = network.layers();
            for (int layer = 0; layer < layers.count(); layer++) {
                int in = layers.inputs(layer);
                int out = layers.outputs(layer);
                ByteBuffer weight =
                        take(TensorWriter.layerName(name, network, layer, "weight"), Tensor.Type.F32, out, in);
                for (int to = 0; to < out; to++) {
                    for (int from = 0; from < in; from++) {
                        values[layers.weightOffset(layer) + from * out + to] = weight.getFloat();
                    }
                }
                take(TensorWriter.layerName(name, network, layer, "bias"), Tensor.Type.F32, out)
                        .asFloatBuffer()
                        .get(values, layers.biasOffset(layer), out);
            }
        }
    }

    @Override
    public void floats(String name, float[] values) {
        take(TensorWriter.name(name), Tensor.Type.F32, values.length)
                .asFloatBuffer()
                .get(values);
    }

    @Override
    public void doubles(String name, double[] values) {
        take(TensorWriter.name(name), Tensor.Type.F64, values.length)
                .asDoubleBuffer()
                .get(values);
    }

    @Override
    public void longs(String name, long[] values) {
        take(TensorWriter.name(name), Tensor.Type.I64, values.length)
                .asLongBuffer()
                .get(values);
    }

    @Override
    public void bytes(String name, byte[] values) {
        take(TensorWriter.name(name), Tensor.Type.U8, values.length).get(values);
    }

    private ByteBuffer take(String name, Tensor.Type type, int... shape) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelFileException("it has no tensor " + name);
        }
        if (tensor.type() != type || !Arrays.equals(tensor.shape(), shape)) {
            throw new ModelFileException("its tensor " + name + " is " + Tensor.described(tensor.type(), tensor.shape())
                    + ", the configuration asks for " + Tensor.described(type, shape));
        }
        return ByteBuffer.wrap(tensor.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }
}
