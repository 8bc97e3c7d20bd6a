package dev.eddy.snapshot;

import dev.eddy.nn.StateVisitor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * Turns the learner's state into a manifest and chunks, and back.
 *
 * <p><b>Chunks.</b> The elements of all arrays in the order of the walk, little-endian, without gaps or names, cut into
 * chunks of at most a configured size; an element never lies in two chunks, so a chunk may be a few bytes short.
 *
 * <p><b>Manifest, version 1.</b> Big-endian. A text is its length in bytes (int32) and its UTF-8 bytes.
 *
 * <pre>
 * int32   magic 0x45444459, "EDDY"
 * int16   version 1
 * text    topic
 * int32   partition
 * int64   generation          counts the snapshots of this store
 * int64   step                micro-batches trained on
 * int64   nextOffset          the first record not yet trained on
 * int64   createdAtMillis     Unix time
 * text    codeVersion         of the release that wrote it
 * text    sha256              of the weights, hexadecimal
 * float64 threshold           images with a score over it are anomalies; infinite while warming
 * text    configuration       lines key=value, what the fold is a function of besides the log
 * int32   lineage entries, then that many texts
 * int32   arrays, then of each:  text name,  int8 type 'f' float32 'd' float64 'l' int64 'b' int8,  int32 elements
 * int32   chunks, then of each:  int32 bytes,  int32 CRC-32C of the bytes
 * int32   CRC-32C of all bytes of the manifest before this one
 * </pre>
 *
 * <p>Later versions keep magic, version and the final checksum where they are. Every version ever written is read.
 */
final class SnapshotCodec {

    static final int MAGIC = 0x45444459;
    static final short VERSION = 1;

    private SnapshotCodec() {}

    /** A captured state: the manifest's bytes, and the chunks in their order. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Encoded(byte[] manifest, List<byte[]> chunks) {

        long bytes() {
            return manifest.length + chunks.stream().mapToLong(c -> c.length).sum();
        }
    }

    /**
     * Captures a state.
     *
     * @param state walks over the state, as {@code Learner.visit} does
     * @param chunkBytes most bytes of a chunk, at least 8
     */
    static Encoded encode(SnapshotHeader header, Consumer<StateVisitor> state, int chunkBytes) {
        Layout layout = Layout.of(state);
        ChunkWriter writer = new ChunkWriter(chunkBytes, layout.bytes());
        state.accept(writer);
        List<byte[]> chunks = writer.chunks();
        Manifest manifest = new Manifest(
                header,
                layout,
                chunks.stream()
                        .map(c -> new Manifest.Chunk(c.length, crc(c, c.length)))
                        .toList());
        return new Encoded(encode(manifest), chunks);
    }

    private static byte[] encode(Manifest manifest) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SnapshotHeader header = manifest.header();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeShort(VERSION);
            text(out, header.topic());
            out.writeInt(header.partition());
            out.writeLong(header.generation());
            out.writeLong(header.step());
            out.writeLong(header.nextOffset());
            out.writeLong(header.createdAtMillis());
            text(out, header.codeVersion());
            text(out, header.sha256());
            out.writeDouble(header.threshold());
            text(out, header.configuration().text());
            out.writeInt(header.lineage().size());
            for (String entry : header.lineage()) {
                text(out, entry);
            }
            out.writeInt(manifest.layout().entries().size());
            for (Layout.Entry entry : manifest.layout().entries()) {
                text(out, entry.name());
                out.writeByte(entry.type());
                out.writeInt(entry.length());
            }
            out.writeInt(manifest.chunks().size());
            for (Manifest.Chunk chunk : manifest.chunks()) {
                out.writeInt(chunk.length());
                out.writeInt(chunk.crc());
            }
            byte[] content = bytes.toByteArray();
            out.writeInt(crc(content, content.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads a manifest.
     *
     * @throws CorruptSnapshotException if the bytes are not what was written
     * @throws IncompatibleSnapshotException if the bytes are what was written, and this release cannot read them: that is
     *     no damage to be passed over, for the release that wrote them can
     */
    static Manifest decode(byte[] bytes) throws CorruptSnapshotException {
        if (bytes.length < 10) {
            throw new CorruptSnapshotException("manifest of " + bytes.length + " bytes is truncated");
        }
        ByteBuffer content = ByteBuffer.wrap(bytes);
        if (content.getInt(0) != MAGIC) {
            throw new CorruptSnapshotException("manifest has no magic");
        }
        if (content.getInt(bytes.length - 4) != crc(bytes, bytes.length - 4)) {
            throw new CorruptSnapshotException("manifest has another checksum");
        }
        short version = content.getShort(4);
        if (version != VERSION) {
            throw new IncompatibleSnapshotException("the snapshot has format version " + version
                    + ", this release reads up to " + VERSION + " (a newer release wrote it)");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, 6, bytes.length - 10))) {
            Manifest manifest = new Manifest(header(in), layout(in), chunks(in));
            if (in.available() > 0) {
                throw new IOException(in.available() + " bytes are left over");
            }
            if (!manifest.isFilled()) {
                throw new IOException("the chunks do not hold the arrays");
            }
            return manifest;
        } catch (IOException e) {
            throw new IncompatibleSnapshotException(
                    "the snapshot is undamaged, but its manifest is none of format version " + VERSION + ": "
                            + (e instanceof EOFException ? "it ends too early" : e.getMessage()),
                    "; use the release that wrote it, or start anew with --reset (forgets what was learned) or with"
                            + " another application.id");
        }
    }

    /**
     * Puts the arrays back; nothing is touched unless all chunks are what was written.
     *
     * @param chunks in their order; null where one is missing
     * @param state walks over a state of the manifest's layout
     */
    static void restore(Manifest manifest, List<byte[]> chunks, Consumer<StateVisitor> state)
            throws CorruptSnapshotException {
        verify(manifest, chunks);
        fill(chunks, state);
    }

    /** Puts the arrays back from chunks that were verified. */
    static void fill(List<byte[]> chunks, Consumer<StateVisitor> state) {
        state.accept(new ChunkReader(chunks));
    }

    /** Checks that all chunks are what was written. */
    static void verify(Manifest manifest, List<byte[]> chunks) throws CorruptSnapshotException {
        for (int i = 0; i < manifest.chunks().size(); i++) {
            Manifest.Chunk expected = manifest.chunks().get(i);
            byte[] chunk = i < chunks.size() ? chunks.get(i) : null;
            String name = "chunk " + i + " of " + manifest.chunks().size();
            if (chunk == null) {
                throw new CorruptSnapshotException(name + " is missing");
            }
            if (chunk.length != expected.length()) {
                throw new CorruptSnapshotException(
                        name + " has " + chunk.length + " bytes instead of " + expected.length());
            }
            if (crc(chunk, chunk.length) != expected.crc()) {
                throw new CorruptSnapshotException(name + " has another checksum");
            }
        }
    }

    private static SnapshotHeader header(DataInputStream in) throws IOException {
        String topic = text(in);
        int partition = in.readInt();
        long generation = in.readLong();
        long step = in.readLong();
        long nextOffset = in.readLong();
        long createdAtMillis = in.readLong();
        String codeVersion = text(in);
        String sha256 = text(in);
        double threshold = in.readDouble();
        Fingerprint configuration = Fingerprint.parse(text(in));
        List<String> lineage = new ArrayList<>();
        for (int n = length(in); n > 0; n--) {
            lineage.add(text(in));
        }
        return new SnapshotHeader(
                topic,
                partition,
                generation,
                step,
                nextOffset,
                createdAtMillis,
                codeVersion,
                sha256,
                threshold,
                configuration,
                lineage);
    }

    private static Layout layout(DataInputStream in) throws IOException {
        List<Layout.Entry> entries = new ArrayList<>();
        for (int n = length(in); n > 0; n--) {
            Layout.Entry entry = new Layout.Entry(text(in), (char) in.readUnsignedByte(), in.readInt());
            if ("fdlb".indexOf(entry.type()) < 0 || entry.length() < 0) {
                throw new IOException("array " + entry);
            }
            entries.add(entry);
        }
        return new Layout(entries);
    }

    private static List<Manifest.Chunk> chunks(DataInputStream in) throws IOException {
        List<Manifest.Chunk> chunks = new ArrayList<>();
        for (int n = length(in); n > 0; n--) {
            chunks.add(new Manifest.Chunk(in.readInt(), in.readInt()));
        }
        return chunks;
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        byte[] bytes = new byte[length(in)];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Of a text in bytes, or of a list: what is left of the manifest bounds either. */
    private static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a length of " + length + " where " + in.available() + " bytes are left");
        }
        return length;
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
