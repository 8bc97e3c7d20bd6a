package dev.eddy.snapshot;

import java.util.List;

/** The table of contents of a snapshot: its header, its arrays, its chunks. {@link SnapshotCodec} has the format. */
record Manifest(SnapshotHeader header, Layout layout, List<Chunk> chunks) {

    /** One chunk: its length in bytes and the CRC-32C of its bytes. */
    record Chunk(int length, int crc) {}

    Manifest {
        chunks = List.copyOf(chunks);
    }
}
