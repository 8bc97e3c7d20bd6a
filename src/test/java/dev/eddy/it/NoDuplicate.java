package dev.eddy.it;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** No record has two scores or two dead letters. */
final class NoDuplicate implements Guarantee {

    private final Set<Place> scores = new HashSet<>();
    private final Set<Place> letters = new HashSet<>();
    private final List<String> twice = new ArrayList<>();

    @Override
    public void scored(Scored scored) {
        note(scores, "score of ", new Place(scored.partition(), scored.offset()));
    }

    @Override
    public void deadLettered(DeadLetter letter) {
        note(letters, "dead letter of ", new Place(letter.partition(), letter.offset()));
    }

    private void note(Set<Place> seen, String what, Place place) {
        if (!seen.add(place)) {
            twice.add(what + place);
        }
    }

    @Override
    public void check() {
        if (!twice.isEmpty()) {
            throw new AssertionError(twice.size() + " more than once: " + twice.subList(0, Math.min(5, twice.size())));
        }
    }
}
