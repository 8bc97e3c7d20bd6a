package dev.eddy.it;

/** Where a record lies in the input. */
record Place(int partition, long offset) {

    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
