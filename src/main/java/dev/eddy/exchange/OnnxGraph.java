package dev.eddy.exchange;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import onnx.Onnx.AttributeProto;
import onnx.Onnx.AttributeProto.AttributeType;
import onnx.Onnx.GraphProto;
import onnx.Onnx.ModelProto;
import onnx.Onnx.NodeProto;
import onnx.Onnx.OperatorSetIdProto;
import onnx.Onnx.StringStringEntryProto;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataType;
import onnx.Onnx.TensorShapeProto;
import onnx.Onnx.TypeProto;
import onnx.Onnx.ValueInfoProto;

/**
 * One computation as an ONNX model, put together from the inputs on. Values are told apart by their names; the first
 * dimension of inputs and outputs is the batch, of any size.
 */
final class OnnxGraph {

    /** Of the operators; 13 is read by every runtime since 2020. */
    private static final int OPSET = 13;

    private static final int IR_VERSION = 7; // the one of opset 13

    private final GraphProto.Builder graph;
    private int count;

    OnnxGraph(String name, String description) {
        graph = GraphProto.newBuilder().setName(name).setDocString(description);
    }

    /** Declares an input of the batch and the given dimensions. */
    String input(String name, DataType type, String description, long... dimensions) {
        graph.addInput(value(name, type, description, dimensions));
        return name;
    }

    /** Declares that a value is an output, under its name from then on. */
    void output(String value, String name, DataType type, String description, long... dimensions) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(name)
                .addInput(value)
                .addOutput(name));
        graph.addOutput(value(name, type, description, dimensions));
    }

    private static ValueInfoProto value(String name, DataType type, String description, long... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("batch"));
        for (long dimension : dimensions) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setDocString(description)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }

    /** A constant: {@code values} from {@code offset} on, as many as the dimensions ask for. */
    String floats(float[] values, int offset, int... dimensions) {
        TensorProto.Builder tensor = constant(DataType.FLOAT);
        int length = 1;
        for (int dimension : dimensions) {
            tensor.addDims(dimension);
            length *= dimension;
        }
        for (int i = 0; i < length; i++) {
            tensor.addFloatData(values[offset + i]);
        }
        graph.addInitializer(tensor);
        return tensor.getName();
    }

    /** A constant without dimensions. */
    String number(double value) {
        TensorProto.Builder tensor = constant(DataType.DOUBLE).addDoubleData(value);
        graph.addInitializer(tensor);
        return tensor.getName();
    }

    /** A constant of one dimension. */
    String integers(long... values) {
        TensorProto.Builder tensor = constant(DataType.INT64).addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        graph.addInitializer(tensor);
        return tensor.getName();
    }

    private TensorProto.Builder constant(DataType type) {
        return TensorProto.newBuilder().setName("constant" + count++).setDataType(type.getNumber());
    }

    /** Adds an operator with one output; returns its name. */
    String op(String operator, String... inputs) {
        return op(operator, Map.of(), 1, inputs).get(0);
    }

    /** Adds an operator with one attribute, an integer. */
    String op(String operator, String attribute, long value, String... inputs) {
        return op(operator, Map.of(attribute, value), 1, inputs).get(0);
    }

    /** Adds an operator; returns the names of its outputs. */
    List<String> op(String operator, Map<String, ? extends Number> attributes, int outputs, String... inputs) {
        String name = operator + count++;
        NodeProto.Builder node = NodeProto.newBuilder().setOpType(operator).setName(name);
        List.of(inputs).forEach(node::addInput);
        attributes.forEach((key, value) -> node.addAttribute(attribute(key, value)));
        List<String> names =
                IntStream.range(0, outputs).mapToObj(i -> name + ":" + i).toList();
        names.forEach(node::addOutput);
        graph.addNode(node);
        return names;
    }

    private static AttributeProto attribute(String name, Number value) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        return value instanceof Float real
                ? attribute.setType(AttributeType.FLOAT).setF(real).build()
                : attribute.setType(AttributeType.INT).setI(value.longValue()).build();
    }

    String cast(String value, DataType type) {
        return op("Cast", "to", type.getNumber(), value);
    }

    /** The model's bytes. */
    byte[] bytes(String producer, Map<String, String> metadata) {
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setProducerName("Eddy")
                .setProducerVersion(producer)
                .setGraph(graph);
        metadata.forEach((key, value) -> model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build().toByteArray();
    }
}
