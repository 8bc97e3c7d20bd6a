package dev.eddy.snapshot;

import java.util.List;

/** The table of contents of a snapshot: its header, its arrays, its chunks. {@link SnapshotCodec} has the format. */
record Manifest(SnapshotHeader header, Layout layout, List<Chunk> chunks) {

    /** One chunk: its length in bytes and the CRC-32C of its bytes. */
    record Chunk(int length, int crc) {}

    Manifest {
        chunks = List.copyOf(chunks);
    }

    /** Whether the arrays take up the chunks to the last byte, and no element lies in two of them. */
    boolean isFilled() {
        int begun = 0;
        long room = 0;
        for (Layout.Entry entry : layout.entries()) {
            long left = (long) entry.length() * entry.elementBytes();
            while (left > 0) {
                if (room == 0 && begun < chunks.size()) {
                    room = chunks.get(begun++).length();
                }
                long taken = Math.min(left, room - room % entry.elementBytes());
                if (taken <= 0) {
                    return false;
                }
                left -= taken;
                room -= taken;
            }
        }
        return room == 0 && begun == chunks.size();
    }
}
