package dev.eddy.telemetry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The latest pictures of a kind, newest first. What comes faster than an eye follows is left out, and a picture is kept
 * for a while after it is no longer listed, so that a page that has read the list can still fetch it. Thread-safe.
 */
final class Gallery {

    /**
     * One picture.
     *
     * @param id grows with time
     * @param millis Unix time
     * @param partition -1 for none
     * @param position offset of a record, or step of a model; -1 for none
     * @param score not a number for none
     * @param pValue not a number for none
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Picture(
            long id,
            long millis,
            String topic,
            int partition,
            long position,
            double score,
            double pValue,
            byte[] png) {}

    private static final int KEPT_PER_LISTED = 8;

    private final int listed;
    private final long apartMillis;
    private final Deque<Picture> pictures = new ArrayDeque<>();

    /** @param apartMillis time from one picture to the next, at the least */
    Gallery(int listed, long apartMillis) {
        this.listed = listed;
        this.apartMillis = apartMillis;
    }

    /** Whether a picture of this time would be taken. */
    synchronized boolean isDue(long millis) {
        Picture newest = pictures.peekFirst();
        return newest == null || millis - newest.millis >= apartMillis;
    }

    synchronized void add(Picture picture) {
        if (!isDue(picture.millis)) {
            return;
        }
        pictures.addFirst(picture);
        if (pictures.size() > listed * KEPT_PER_LISTED) {
            pictures.removeLast();
        }
    }

    synchronized List<Picture> list() {
        return new ArrayList<>(pictures.stream().limit(listed).toList());
    }

    synchronized Optional<Picture> find(long id) {
        return pictures.stream().filter(picture -> picture.id == id).findFirst();
    }
}
