package dev.eddy.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A reader of the format as its specification has it, strict where that is, which shares nothing with Eddy's. */
record PlainSafetensors(Map<String, String> metadata, Map<String, Values> tensors) {

    /** A tensor of float32 or int64, as doubles. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Values(int[] shape, double[] values) {}

    static PlainSafetensors read(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            MappedByteBuffer bytes = file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, file.length());
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            int length = Math.toIntExact(bytes.getLong());
            byte[] text = new byte[length];
            bytes.get(text);
            check(text[0] == '{', "the header begins with {");
            JsonNode header = new ObjectMapper().readTree(new String(text, StandardCharsets.UTF_8));
            Map<String, String> metadata = new HashMap<>();
            Map<String, Values> tensors = new HashMap<>();
            long expected = 0;
            for (Map.Entry<String, JsonNode> entry : header.properties()) {
                if (entry.getKey().equals("__metadata__")) {
                    entry.getValue().properties().forEach(e -> {
                        check(e.getValue().isTextual(), "metadata is text");
                        metadata.put(e.getKey(), e.getValue().textValue());
                    });
                    continue;
                }
                long begin = entry.getValue().at("/data_offsets/0").longValue();
                long end = entry.getValue().at("/data_offsets/1").longValue();
                check(begin == expected, "no gap before " + entry.getKey());
                expected = end;
                tensors.put(entry.getKey(), values(entry.getValue(), bytes, 8 + length + (int) begin, end - begin));
            }
            check(8 + length + expected == file.length(), "the tensors fill the file");
            return new PlainSafetensors(metadata, tensors);
        }
    }

    private static Values values(JsonNode entry, MappedByteBuffer bytes, int at, long size) {
        int elementBytes = entry.path("dtype").textValue().equals("F32") ? 4 : 8;
        int[] shape = new int[entry.path("shape").size()];
        int count = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = entry.path("shape").get(i).intValue();
            count *= shape[i];
        }
        check(size == (long) elementBytes * count, "bytes of the shape");
        check(at % elementBytes == 0, "aligned");
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = elementBytes == 4 ? bytes.getFloat(at + 4 * i) : bytes.getLong(at + 8 * i);
        }
        return new Values(shape, values);
    }

    /** A multilayer perceptron with ReLUs between its layers, as PyTorch would compute it. */
    float[] perceptron(String name, float[] input) {
        float[] value = input;
        for (int layer = 0; tensors.containsKey(name + "." + layer + ".weight"); layer++) {
            Values weight = tensor(name + "." + layer + ".weight");
            Values bias = tensor(name + "." + layer + ".bias");
            check(weight.shape()[1] == value.length, "inputs of " + name);
            boolean last = !tensors.containsKey(name + "." + (layer + 1) + ".weight");
            float[] next = new float[weight.shape()[0]];
            for (int out = 0; out < next.length; out++) {
                double sum = bias.values()[out];
                for (int in = 0; in < value.length; in++) {
                    sum += weight.values()[out * value.length + in] * value[in];
                }
                next[out] = (float) (last ? sum : Math.max(0, sum));
            }
            value = next;
        }
        return value;
    }

    private Values tensor(String name) {
        Values values = tensors.get(name);
        if (values == null) {
            throw new IllegalArgumentException("no tensor " + name);
        }
        return values;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException("not so: " + what);
        }
    }
}
