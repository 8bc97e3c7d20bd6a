package dev.eddy.compare;

import com.yahoo.labs.samoa.instances.Attribute;
import com.yahoo.labs.samoa.instances.DenseInstance;
import com.yahoo.labs.samoa.instances.Instance;
import com.yahoo.labs.samoa.instances.Instances;
import com.yahoo.labs.samoa.instances.InstancesHeader;
import java.util.ArrayList;
import java.util.List;
import moa.classifiers.oneclass.HSTrees;

/** MOA's streaming Half-Space Trees (Tan, Ting and Liu, IJCAI 2011), on pixels, as MOA sets them. */
final class HalfSpaceTrees implements Detector {

    private final HSTrees trees = new HSTrees();
    private final InstancesHeader header;
    private final double[] values; // the pixels and a class that is the same for all

    HalfSpaceTrees(int size, long seed) {
        List<Attribute> attributes = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            attributes.add(new Attribute("p" + i));
        }
        attributes.add(new Attribute("class", List.of("normal", "anomaly")));
        this.header = new InstancesHeader(new Instances("images", attributes, 0));
        header.setClassIndex(size);
        this.values = new double[size + 1];
        trees.setModelContext(header);
        trees.setRandomSeed((int) seed);
        trees.prepareForUse();
    }

    @Override
    public void stream(List<byte[]> images) {
        for (byte[] image : images) {
            Instance instance = instance(image);
            trees.getAnomalyScore(instance);
            trees.trainOnInstance(instance);
        }
    }

    @Override
    public double[] test(List<byte[]> images) {
        return images.stream()
                .mapToDouble(image -> trees.getAnomalyScore(instance(image)))
                .toArray();
    }

    private Instance instance(byte[] image) {
        for (int i = 0; i < image.length; i++) {
            values[i] = (image[i] & 0xFF) / 255.0;
        }
        Instance instance = new DenseInstance(1, values);
        instance.setDataset(header);
        return instance;
    }
}
