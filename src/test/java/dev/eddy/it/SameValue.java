package dev.eddy.it;

import dev.eddy.learn.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every score is the one of the uninterrupted run, to the last bit, with its record's key and in its record's partition;
 * every dead letter is its record, untouched.
 */
final class SameValue implements Guarantee {

    private final UninterruptedRun expected;
    private final Map<Place, Sent> sent = new HashMap<>();
    private final List<Scored> scores = new ArrayList<>();
    private final List<DeadLetter> letters = new ArrayList<>();

    SameValue(UninterruptedRun expected) {
        this.expected = expected;
    }

    @Override
    public void produced(Sent record) {
        sent.put(new Place(record.partition(), record.offset()), record);
    }

    @Override
    public void scored(Scored scored) {
        scores.add(scored);
    }

    @Override
    public void deadLettered(DeadLetter letter) {
        letters.add(letter);
    }

    /** As a score record has it: JSON knows no numbers that are not finite. */
    private static @Nullable Score published(@Nullable Score score) {
        return score == null
                ? null
                : new Score(
                        finite(score.score()),
                        finite(score.reconstructionError()),
                        finite(score.kl()),
                        finite(score.rapp()),
                        finite(score.pValue()),
                        score.anomaly(),
                        score.warming(),
                        score.step());
    }

    private static double finite(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }

    @Override
    public void check() {
        List<String> wrong = new ArrayList<>();
        for (Scored scored : scores) {
            Place place = new Place(scored.partition(), scored.offset());
            Sent record = sent.get(place);
            if (record == null || !record.valid()) {
                wrong.add("score of " + place + ", which is no image: " + scored.score());
            } else if (!scored.score().equals(published(expected.score(place)))) {
                wrong.add("score of " + place + " is " + scored.score() + ", expected " + expected.score(place));
            } else if (!Arrays.equals(scored.key(), record.key()) || scored.place() != record.partition()) {
                wrong.add("score of " + place + " has another key, or lies in partition " + scored.place());
            }
        }
        for (DeadLetter letter : letters) {
            Place place = new Place(letter.partition(), letter.offset());
            Sent record = sent.get(place);
            if (record == null || record.valid()) {
                wrong.add("dead letter of " + place + ", which is an image or nothing");
            } else if (!Arrays.equals(letter.key(), record.key()) || !Arrays.equals(letter.value(), record.value())) {
                wrong.add("dead letter of " + place + " is not as it came");
            }
        }
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong.size() + " wrong, the first: "
                    + String.join("\n", wrong.subList(0, Math.min(5, wrong.size()))));
        }
    }
}
