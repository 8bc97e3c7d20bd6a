package dev.eddy.stream;

/**
 * The topics of one learner.
 *
 * @param input images are read from it
 * @param scores one record per valid image
 * @param anomalies flagged images, for people
 * @param samples generated images
 * @param models weights for other programs; empty for none
 * @param deadLetters records that are no image
 */
public record TopicNames(
        String input, String scores, String anomalies, String samples, String models, String deadLetters) {}
