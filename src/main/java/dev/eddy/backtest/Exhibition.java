package dev.eddy.backtest;

import dev.eddy.backtest.Outcome.Exhibit;
import dev.eddy.backtest.Outcome.Item;
import dev.eddy.learn.Learner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** Chooses the pictures of the test that are worth a look: both ends of the ranking, and where it errs. */
final class Exhibition {

    private static final int PICTURES = 12;

    private final Learner learner;
    private final LabelledImages images;
    private final List<ScoredImage> lowestFirst;
    private final List<ScoredImage> highestFirst;

    /** @param scores one for each image */
    Exhibition(Learner learner, LabelledImages images, List<ScoredImage> scores) {
        this.learner = learner;
        this.images = images;
        Comparator<ScoredImage> byScore = Comparator.comparingDouble(Measure.SCORE::of);
        this.lowestFirst = scores.stream().sorted(byScore).toList();
        this.highestFirst = scores.stream().sorted(byScore.reversed()).toList();
    }

    List<Exhibit> exhibits() {
        List<Exhibit> exhibits = new ArrayList<>();
        add(exhibits, "Most anomalous", "most-anomalous", highestFirst, image -> true);
        add(exhibits, "Least anomalous", "least-anomalous", lowestFirst, image -> true);
        if (lowestFirst.stream().anyMatch(ScoredImage::isAnomalous)) {
            add(exhibits, "Normal, yet most anomalous", "false-alarms", highestFirst, ScoredImage::isNormal);
            add(exhibits, "Anomalous, yet least so", "misses", lowestFirst, ScoredImage::isAnomalous);
        }
        return exhibits;
    }

    private void add(
            List<Exhibit> exhibits, String title, String key, List<ScoredImage> order, Predicate<ScoredImage> which) {
        List<Item> items =
                order.stream().filter(which).limit(PICTURES).map(this::item).toList();
        if (!items.isEmpty()) {
            exhibits.add(new Exhibit(title, key, items));
        }
    }

    /** The reconstruction is that of the model as it stands. */
    private Item item(ScoredImage image) {
        byte[] pixels = images.images().get(image.index());
        int row = learner.add(pixels);
        float[] reconstruction = learner.reconstruction(row);
        learner.discard();
        return new Item(image, pixels, reconstruction);
    }
}
