package dev.eddy.learn;

/**
 * How near the GAN's samples are to the images that came last, without labels: both as the VAE's encoder sees them, by
 * the mean of the posterior.
 *
 * @param frechetDistance between the normal distributions of both, at least 0 (Heusel et al., NIPS 2017)
 * @param coverage share of the images with a sample nearer than their fifth neighbour among the images, 0 to 1; 0.97
 *     is expected of other images of the stream (Naeem et al., ICML 2020)
 */
public record SampleQuality(double frechetDistance, double coverage) {}
