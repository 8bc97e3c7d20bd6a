package dev.eddy.bench.peer;

import dev.eddy.bench.Case;
import dev.eddy.bench.Clock;
import dev.eddy.bench.Pictures;
import dev.eddy.bench.Preset;
import dev.eddy.bench.Wire;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch's process: answers questions on its standard input until that ends. A process of its own, since its
 * JavaCPP, OpenBLAS and OpenMP are others than Eddy's.
 */
@SuppressWarnings("try") // guards are held, not used
public final class Peer {

    private static final int PICTURES = 1024;

    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<Case, Step> steps = new HashMap<>();

    /** One unit of work, the i-th. */
    private interface Step {
        void run(int i);
    }

    private Peer(DataInputStream in, DataOutputStream out) {
        this.in = in;
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        PrintStream stdout = System.out;
        System.setOut(new PrintStream(System.err, true, StandardCharsets.UTF_8)); // stdout carries answers alone
        torch.set_num_threads(1);
        torch.set_num_interop_threads(1);
        torch.manual_seed(1);
        new Peer(
                        new DataInputStream(new BufferedInputStream(System.in)),
                        new DataOutputStream(new BufferedOutputStream(stdout)))
                .serve();
    }

    private void serve() throws IOException {
        while (true) {
            String question;
            try {
                question = in.readUTF();
            } catch (EOFException end) {
                return;
            }
            switch (question) {
                case Wire.TIME -> time();
                case Wire.VAE -> vae();
                case Wire.GAN -> gan();
                case Wire.SCORE -> score();
                case Wire.CONSUME ->
                    out.writeLong(TorchConsumer.nanos(in.readUTF(), in.readUTF(), in.readInt(), in.readInt()));
                default -> throw new IOException("unknown question " + question);
            }
            out.flush();
        }
    }

    private void time() throws IOException {
        Case what = Case.read(in);
        int iterations = in.readInt();
        Step step = steps.get(what);
        if (step == null) {
            step = step(what);
            steps.put(what, step);
        }
        long start = Clock.nanos();
        for (int i = 0; i < iterations; i++) {
            try (PointerScope scope = new PointerScope()) {
                step.run(i);
            }
        }
        out.writeLong(Clock.nanos() - start);
    }

    private static Step step(Case what) {
        int rows = what.batch();
        Preset preset = what.preset();
        Tensor images = Tensor.create(Pictures.floats(PICTURES), PICTURES, Preset.SIZE);
        Tensor shares = TorchLearner.share(torch.ones(rows));
        return switch (what.work()) {
            case VAE -> {
                TorchVae vae = new TorchVae(preset.vae(rows), Preset.SIZE);
                yield i -> vae.step(rows(images, i, rows), shares);
            }
            case GAN -> {
                TorchGan gan = new TorchGan(preset.gan(), Preset.SIZE);
                yield i -> gan.step(rows(images, i, rows), shares);
            }
            case SCORE -> {
                TorchScorer scorer = new TorchScorer(new TorchVae(preset.vae(rows), Preset.SIZE));
                Tensor mean = torch.zeros(scorer.dimensions());
                Tensor factor = torch.eye(scorer.dimensions());
                float[] distances = new float[rows];
                yield i -> {
                    try (NoGradGuard guard = new NoGradGuard()) {
                        Floats.read(
                                scorer.measure(rows(images, i, rows), mean, factor)
                                        .rapp(),
                                distances,
                                0);
                    }
                };
            }
            case LEARNER -> {
                TorchLearner learner = new TorchLearner(preset.learner(rows, what.vaeBatch()));
                byte[][] pictures = Pictures.bytes(PICTURES);
                yield i -> learner.step(pictures, i * rows);
            }
        };
    }

    private static Tensor rows(Tensor images, int i, int rows) {
        return images.narrow(0, (long) i * rows % PICTURES, rows);
    }

    private void vae() throws IOException {
        Preset preset = Preset.valueOf(in.readUTF());
        int rows = in.readInt();
        TorchVae vae = new TorchVae(preset.vae(rows), Preset.SIZE);
        float[] weights = Wire.readFloats(in);
        vae.decoder.load(weights, vae.encoder.load(weights, 0));
        Tensor images = Tensor.create(Wire.readFloats(in), rows, Preset.SIZE);
        Tensor noise = Tensor.create(Wire.readFloats(in), rows, preset.vae(rows).latent());
        vae.computeGradients(images, TorchLearner.share(Tensor.create(Wire.readFloats(in))), noise);
        float[] gradients = new float[weights.length];
        vae.decoder.gradients(gradients, vae.encoder.gradients(gradients, 0));
        out.writeDouble(vae.reconstruction);
        out.writeDouble(vae.kl);
        Wire.write(out, gradients);
    }

    private void gan() throws IOException {
        Preset preset = Preset.valueOf(in.readUTF());
        int rows = in.readInt();
        TorchGan gan = new TorchGan(preset.gan(), Preset.SIZE);
        float[] generator = Wire.readFloats(in);
        float[] discriminator = Wire.readFloats(in);
        gan.generator.load(generator, 0);
        gan.discriminator.load(discriminator, 0);
        Tensor images = Tensor.create(Wire.readFloats(in), rows, Preset.SIZE);
        Tensor noise = Tensor.create(Wire.readFloats(in), rows, preset.gan().noise());
        gan.computeGradients(images, TorchLearner.share(Tensor.create(Wire.readFloats(in))), noise);
        out.writeDouble(gan.generatorLoss);
        out.writeDouble(gan.discriminatorLoss);
        gan.generator.gradients(generator, 0);
        gan.discriminator.gradients(discriminator, 0);
        Wire.write(out, generator);
        Wire.write(out, discriminator);
    }

    private void score() throws IOException {
        Preset preset = Preset.valueOf(in.readUTF());
        int rows = in.readInt();
        TorchVae vae = new TorchVae(preset.vae(rows), Preset.SIZE);
        float[] weights = Wire.readFloats(in);
        vae.decoder.load(weights, vae.encoder.load(weights, 0));
        for (int i = 0; i < vae.encoderAverage.size(); i++) {
            vae.encoderAverage.set(i, vae.encoder.parameters().get(i));
        }
        for (int i = 0; i < vae.decoderAverage.size(); i++) {
            vae.decoderAverage.set(i, vae.decoder.parameters().get(i));
        }
        TorchScorer scorer = new TorchScorer(vae);
        Tensor images = Tensor.create(Wire.readFloats(in), rows, Preset.SIZE);
        try (NoGradGuard guard = new NoGradGuard()) {
            TorchScorer.Measures measures =
                    scorer.measure(images, torch.zeros(scorer.dimensions()), torch.eye(scorer.dimensions()));
            float[] values = new float[rows];
            for (Tensor measure : new Tensor[] {measures.crossEntropy(), measures.kl(), measures.rapp()}) {
                Floats.read(measure, values, 0);
                Wire.write(out, values);
            }
        }
    }
}
