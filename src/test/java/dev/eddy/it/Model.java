package dev.eddy.it;

/** A partition as {@code models --json} tells of it. */
record Model(int partition, long step, long nextOffset, long round, String sha256) {}
