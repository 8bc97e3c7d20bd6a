package dev.eddy.stream;

/** What an application does with the images. */
public enum Role {
    /** Scores and trains; models live in its snapshots. */
    LEARN,
    /** Only scores, with the newest models that learners publish. */
    SCORE
}
