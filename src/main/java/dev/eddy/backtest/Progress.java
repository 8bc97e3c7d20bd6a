package dev.eddy.backtest;

/** Hears how far a backtest is; called often, on its thread. */
@FunctionalInterface
public interface Progress {

    /** Hears nothing. */
    Progress NONE = (task, done, all) -> {};

    /** {@code done} of {@code all} images of a task are behind. */
    void at(String task, long done, long all);
}
