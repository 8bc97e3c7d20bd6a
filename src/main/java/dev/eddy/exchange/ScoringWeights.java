package dev.eddy.exchange;

import dev.eddy.nn.Layers;
import dev.eddy.nn.Network;
import dev.eddy.nn.StateVisitor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds in a model's walk the networks that score and sample: the moving averages, or the weights where there is none. */
final class ScoringWeights implements StateVisitor {

    private final Map<String, Layers> layers = new HashMap<>();
    private final Map<String, float[]> values = new HashMap<>();

    /** The shape of a network, by its name in the walk. */
    Layers layers(String network) {
        Layers found = layers.get(network);
        if (found == null) {
            throw new IllegalArgumentException("no network " + network + " in " + layers.keySet());
        }
        return found;
    }

    /** The array that the network lies in. */
    float[] values(String network) {
        float[] found = values.get(network);
        if (found == null) {
            throw new IllegalArgumentException("no network " + network + " in " + values.keySet());
        }
        return found;
    }

    /** A moving average follows its weights in the walk and takes their place. */
    @Override
    public void weights(String name, List<Network> networks, float[] array) {
        for (Network network : networks) {
            layers.put(network.name(), network.layers());
            values.put(network.name(), array);
        }
    }

    @Override
    public void floats(String name, float[] array) {}

    @Override
    public void doubles(String name, double[] array) {}

    @Override
    public void longs(String name, long[] array) {}

    @Override
    public void bytes(String name, byte[] array) {}
}
