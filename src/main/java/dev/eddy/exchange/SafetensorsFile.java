package dev.eddy.exchange;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The safetensors format (Hugging Face): an int64 of the header's bytes, the header as JSON, the tensors without gaps.
 * The header has each tensor's {@code dtype}, {@code shape} and {@code data_offsets}, and texts as
 * {@code __metadata__}. All is little-endian, and each tensor lies at a multiple of its element's size. The text
 * {@code content.sha256} is the digest of all that the file says, by which damage shows.
 *
 * @param metadata texts without {@code content.sha256}
 */
record SafetensorsFile(Map<String, String> metadata, List<Tensor> tensors) {

    private static final String METADATA = "__metadata__";
    private static final String DIGEST = "content.sha256";
    private static final int ALIGNMENT = 8;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    SafetensorsFile {
        metadata = Map.copyOf(metadata);
        tensors = List.copyOf(tensors);
    }

    byte[] bytes() {
        List<Tensor> ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparingInt(tensor -> -tensor.type().bytes));
        byte[] header = header(ordered);
        int padding = Math.floorMod(-header.length, ALIGNMENT);
        int data = ordered.stream().mapToInt(tensor -> tensor.bytes().length).reduce(0, Math::addExact);
        ByteBuffer file = ByteBuffer.allocate(Math.addExact(Long.BYTES + header.length + padding, data))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length + padding).put(header);
        for (int i = 0; i < padding; i++) {
            file.put((byte) ' ');
        }
        ordered.forEach(tensor -> file.put(tensor.bytes()));
        return file.array();
    }

    private byte[] header(List<Tensor> ordered) {
        Map<String, String> texts = new TreeMap<>(metadata);
        texts.put(DIGEST, digest());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writePOJOField(METADATA, texts);
            long offset = 0;
            for (Tensor tensor : ordered) {
                out.writeObjectFieldStart(tensor.name());
                out.writeStringField("dtype", tensor.type().name());
                out.writePOJOField("shape", tensor.shape());
                out.writePOJOField("data_offsets", new long[] {offset, offset + tensor.bytes().length});
                out.writeEndObject();
                offset += tensor.bytes().length;
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** @throws ModelFileException if the bytes are not what {@link #bytes()} writes */
    static SafetensorsFile parse(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long length = file.length < Long.BYTES ? -1 : in.getLong();
        if (length < 2 || length > in.remaining() || in.get(Long.BYTES) != '{') {
            throw new ModelFileException("it is no safetensors file");
        }
        int start = (int) (Long.BYTES + length);
        byte[] data = Arrays.copyOfRange(file, start, file.length);
        JsonNode header = json(new String(file, Long.BYTES, (int) length, StandardCharsets.UTF_8));
        Map<String, String> texts = new TreeMap<>();
        header.path(METADATA)
                .properties()
                .forEach(text -> texts.put(text.getKey(), text.getValue().asText()));
        List<Tensor> tensors = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : header.properties()) {
            if (!entry.getKey().equals(METADATA)) {
                tensors.add(tensor(entry.getKey(), entry.getValue(), data));
            }
        }
        String digest = texts.remove(DIGEST);
        if (digest == null) {
            throw new ModelFileException("its metadata has no " + DIGEST + ": Eddy did not export it");
        }
        SafetensorsFile parsed = new SafetensorsFile(texts, tensors);
        if (!parsed.digest().equals(digest)) {
            throw new ModelFileException("it is damaged: its content has another SHA-256 than when it was exported");
        }
        return parsed;
    }

    /** Of texts and tensors, each in the order of the names. */
    private String digest() {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        new TreeMap<>(metadata).forEach((key, text) -> update(digest, key + "=" + text));
        tensors.stream().sorted(Comparator.comparing(Tensor::name)).forEach(tensor -> {
            update(digest, tensor.name() + "=" + Tensor.described(tensor.type(), tensor.shape()));
            digest.update(tensor.bytes());
        });
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ModelFileException("its header is damaged: " + e.getOriginalMessage(), e);
        }
    }

    private static Tensor tensor(String name, JsonNode entry, byte[] data) {
        long begin = entry.path("data_offsets").path(0).asLong(-1);
        long end = entry.path("data_offsets").path(1).asLong(-1);
        int[] shape = new int[entry.path("shape").size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = entry.path("shape").path(i).asInt(-1);
        }
        if (begin < 0 || end < begin || end > data.length) {
            throw new ModelFileException("its tensor " + name + " lies outside of its " + data.length + " bytes");
        }
        try {
            Tensor.Type type = Tensor.Type.valueOf(entry.path("dtype").asText());
            if (Tensor.bytes(type, shape) == end - begin) {
                return new Tensor(name, type, shape, Arrays.copyOfRange(data, (int) begin, (int) end));
            }
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new ModelFileException("its tensor " + name + " is of no known type", e);
        }
        throw new ModelFileException("its tensor " + name + " has not the bytes of its shape");
    }
}
