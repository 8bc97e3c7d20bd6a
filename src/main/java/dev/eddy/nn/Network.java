package dev.eddy.nn;

/**
 * One of the networks whose parameters share an array.
 *
 * @param name what it is called there, as {@code encoder}
 * @param layers its shape, and its place in the array
 */
public record Network(String name, Layers layers) {}
