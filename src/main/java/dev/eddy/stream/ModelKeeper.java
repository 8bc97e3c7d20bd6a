package dev.eddy.stream;

/** Where the model of one partition comes from and is kept. Used by one thread at a time. */
interface ModelKeeper {

    /**
     * Where the fold begins.
     *
     * @param origin where it begins again while there is no snapshot
     * @param nextOffset the first record that the model has not been trained on
     * @param changed whether the state is no function of (configuration, log) any more, so that a snapshot is due
     * @param description for the log
     */
    record Start(long origin, long nextOffset, boolean changed, String description) {}

    /**
     * Gives the learner its model.
     *
     * @param bound the fold begins at this offset at the latest: from here on scores are owed
     * @param origin where the fold began according to the store, -1 if it does not say
     */
    Start restore(long bound, long origin);

    /** Takes over a newer model, if there is one to be had at once; called between two micro-batches. */
    void refresh();

    /** Writes down what happened to the model that is no function of the log; the next snapshot carries it. */
    void note(String event);

    /** Whether the model has been trained since it was last kept. */
    boolean isBehind(Fold fold);

    /** Forgets all that was kept and keeps the model anew: offsets before are of a source that is no more. */
    void renew(Fold fold);

    /** Keeps the model if enough micro-batches have passed since the last time. */
    void writeIfDue(Fold fold, long owed);

    /** Keeps the model if it has been trained since the last time. */
    void writeIfTrained(Fold fold, long owed);

    /**
     * Keeps the model.
     *
     * @param owed the first offset without a score, as the store has it
     */
    void write(Fold fold, long owed);
}
