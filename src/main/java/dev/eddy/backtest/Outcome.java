package dev.eddy.backtest;

import java.util.List;

/**
 * All that a backtest leaves.
 *
 * @param plan what was done
 * @param figures what was found
 * @param history of the stream
 * @param test scores of the test
 * @param exhibits pictures worth a look
 */
public record Outcome(Plan plan, Figures figures, History history, List<ScoredImage> test, List<Exhibit> exhibits) {

    public Outcome {
        test = List.copyOf(test);
        exhibits = List.copyOf(exhibits);
    }

    /**
     * Pictures of the test under one heading.
     *
     * @param title what they have in common, for people
     * @param key the same for the name of a file
     * @param items the pictures
     */
    public record Exhibit(String title, String key, List<Item> items) {

        public Exhibit {
            items = List.copyOf(items);
        }
    }

    /**
     * One picture of the test.
     *
     * @param image its scores
     * @param pixels the picture
     * @param reconstruction values in [0, 1]
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Item(ScoredImage image, byte[] pixels, float[] reconstruction) {}
}
