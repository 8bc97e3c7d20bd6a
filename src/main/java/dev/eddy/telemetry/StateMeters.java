package dev.eddy.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The meters of what one partition is doing and how far behind it is. Written by its owner, read by any thread. */
final class StateMeters {

    private final Meters meters;
    private final Set<String> served = ConcurrentHashMap.newKeySet();
    private volatile String state = "";
    private volatile long lag = -1;
    private volatile boolean trainingStopped;

    StateMeters(Meters meters) {
        this.meters = meters;
    }

    void open() {
        meters.gauge(
                "eddy.training.stopped",
                "",
                "Whether training has stopped while scoring goes on; 0 or 1",
                () -> trainingStopped ? 1 : 0);
    }

    /** As {@link PartitionMeters#state}. */
    void state(String state) {
        this.state = state;
        if (served.add(state)) {
            meters.gauge(
                    "eddy.partition.state",
                    "",
                    "State of the partition, 1 for the present one; 0 or 1",
                    () -> this.state.equals(state) ? 1 : 0,
                    "state",
                    state);
        }
    }

    String state() {
        return state;
    }

    void lag(long records) {
        if (lag < 0) {
            meters.gauge(
                    "eddy.lag",
                    "records",
                    "Records between the last one read and the log's end; records, at least 0",
                    () -> lag);
        }
        lag = records;
    }

    /** Records, or -1 while unknown. */
    long lag() {
        return lag;
    }

    void trainingStopped(boolean stopped) {
        trainingStopped = stopped;
    }

    boolean isTrainingStopped() {
        return trainingStopped;
    }

    /** The gauges are gone; they come again with the next values. */
    void forget() {
        served.clear();
        state = "";
        lag = -1;
        trainingStopped = false;
    }
}
