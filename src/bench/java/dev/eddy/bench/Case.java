package dev.eddy.bench;

import dev.eddy.learn.AnomalyConfig;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/**
 * One line of the table.
 *
 * @param batch images of a micro-batch, of an update of the GAN and, outside the learner, of the VAE
 * @param vaeBatch images of an update of the VAE
 */
public record Case(Preset preset, Work work, int batch, int vaeBatch) {

    public static Case of(Preset preset, Work work, int batch) {
        return new Case(preset, work, batch, batch);
    }

    /** The default preset's at its own batch sizes. */
    public static Case own(Work work) {
        return switch (work) {
            case VAE -> of(Preset.DEFAULT, work, 32);
            case GAN, SCORE -> of(Preset.DEFAULT, work, 64);
            case LEARNER -> new Case(Preset.DEFAULT, work, 64, 32);
        };
    }

    /** Units after which the work repeats itself: a learner estimates its covariance once in so many. */
    int period() {
        return work == Work.LEARNER ? anomaly().refreshSteps() : 1;
    }

    /** Units until the work is what it stays: a learner's covariance is one of a full window from here on. */
    int settled() {
        return work == Work.LEARNER ? anomaly().referenceWindow() / batch + period() : 1;
    }

    AnomalyConfig anomaly() {
        return preset.learner(batch, vaeBatch).anomaly();
    }

    boolean isOwn() {
        return equals(own(work));
    }

    /** Whether its two batch sizes differ. */
    boolean isMixed() {
        return batch != vaeBatch;
    }

    /** A name such as {@code default vae 32}. */
    public String label() {
        String parts = isMixed() ? " (vae " + vaeBatch + ")" : "";
        return (preset + " " + work + " " + batch).toLowerCase(Locale.ROOT) + parts;
    }

    public void write(DataOutput out) throws IOException {
        out.writeUTF(preset.name());
        out.writeUTF(work.name());
        out.writeInt(batch);
        out.writeInt(vaeBatch);
    }

    public static Case read(DataInput in) throws IOException {
        return new Case(Preset.valueOf(in.readUTF()), Work.valueOf(in.readUTF()), in.readInt(), in.readInt());
    }
}
