package dev.eddy.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** libtorch's process, as seen from the harness. Its jars are those of the folder {@code eddy.bench.peerLib}. */
public final class PeerProcess implements Side, AutoCloseable {

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;

    public PeerProcess() throws IOException {
        String jars = Path.of(System.getProperty("eddy.bench.peerLib", "target/peer-lib"), "*")
                .toString();
        String classes = System.getProperty("eddy.bench.classes", "target/test-classes")
                + System.getProperty("path.separator")
                + System.getProperty("eddy.classes", "target/classes");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-D" + Clock.PROPERTY + "=" + Clock.name(),
                "-Dorg.bytedeco.javacpp.nopointergc=true",
                "-cp",
                jars + System.getProperty("path.separator") + classes,
                "dev.eddy.bench.peer.Peer"));
        builder.environment().put("OMP_NUM_THREADS", "1");
        builder.environment().put("OPENBLAS_NUM_THREADS", "1");
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        this.process = builder.start();
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream()));
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
