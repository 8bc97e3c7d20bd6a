package dev.eddy.bench;

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

    /** A name such as {@code default vae 32}. */
    public String label() {
        String parts = work == Work.LEARNER && vaeBatch != batch ? " (vae " + vaeBatch + ")" : "";
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
