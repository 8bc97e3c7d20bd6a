package dev.eddy.telemetry;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last few things added, newest first. Thread-safe. */
final class Recent<T> {

    private final int capacity;
    private final Deque<T> items = new ArrayDeque<>();

    Recent(int capacity) {
        this.capacity = capacity;
    }

    synchronized void add(T item) {
        items.addFirst(item);
        if (items.size() > capacity) {
            items.removeLast();
        }
    }

    synchronized List<T> list() {
        return new ArrayList<>(items);
    }
}
