package dev.eddy.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** libtorch's process, as seen from the harness. Its jars are those of the folder {@code eddy.bench.peerLib}. */
public final class PeerProcess implements Side, AutoCloseable {

    private static final Pattern OTHER_NATIVES = Pattern.compile("javacpp|openblas|nd4j|pytorch");

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;

    public PeerProcess() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-D" + Clock.PROPERTY + "=" + Clock.name(),
                "-Dorg.bytedeco.javacpp.nopointergc=true",
                "-cp",
                classPath(),
                "dev.eddy.bench.peer.Peer"));
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        this.process = builder.start();
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    /** Libtorch's own jars instead of the harness's JavaCPP, OpenBLAS and ND4J; otherwise the same. */
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        entries.add(Path.of(System.getProperty("eddy.bench.peerLib", "target/peer-lib"), "*")
                .toString());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!OTHER_NATIVES.matcher(new File(entry).getName()).lookingAt()) {
                entries.add(entry);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Time in which the peer learns {@code count} records of a topic after {@code skip} records to warm up. */
    public long consume(String servers, String topic, int skip, int count) throws IOException {
        out.writeUTF(Wire.CONSUME);
        out.writeUTF(servers);
        out.writeUTF(topic);
        out.writeInt(skip);
        out.writeInt(count);
        out.flush();
        return in.readLong();
    }

    @Override
    public long nanos(Case what, int iterations) throws IOException {
        out.writeUTF(Wire.TIME);
        what.write(out);
        out.writeInt(iterations);
        out.flush();
        return in.readLong();
    }

    /** Losses or measures of one step, and its gradients. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(double[] losses, List<float[]> arrays) {}

    /** @param inputs the arrays that {@link Wire} names for the question, in its order */
    public Answer ask(String question, Preset preset, int rows, List<float[]> inputs) throws IOException {
        out.writeUTF(question);
        out.writeUTF(preset.name());
        out.writeInt(rows);
        for (float[] input : inputs) {
            Wire.write(out, input);
        }
        out.flush();
        double[] losses = question.equals(Wire.SCORE) ? new double[0] : new double[] {in.readDouble(), in.readDouble()};
        return switch (question) {
            case Wire.VAE -> new Answer(losses, List.of(Wire.readFloats(in)));
            case Wire.GAN -> new Answer(losses, List.of(Wire.readFloats(in), Wire.readFloats(in)));
            default -> new Answer(losses, List.of(Wire.readFloats(in), Wire.readFloats(in), Wire.readFloats(in)));
        };
    }

    @Override
    public void close() throws IOException {
        out.close(); // the end of its input ends it
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
    }
}
