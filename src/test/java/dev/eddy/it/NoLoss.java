package dev.eddy.it;

import static java.util.Comparator.comparing;

import java.util.Set;
import java.util.TreeSet;

/** Every valid record has a score, and every other one is a dead letter, unless it was gone before it was read. */
final class NoLoss implements Guarantee {

    private final Set<Place> owed = places();
    private final Set<Place> owedLetters = places();

    private static Set<Place> places() {
        return new TreeSet<>(comparing(Place::partition).thenComparing(Place::offset));
    }

    @Override
    public void produced(Sent sent) {
        (sent.valid() ? owed : owedLetters).add(new Place(sent.partition(), sent.offset()));
    }

    @Override
    public void lost(Sent sent) {
        owed.remove(new Place(sent.partition(), sent.offset()));
        owedLetters.remove(new Place(sent.partition(), sent.offset()));
    }

    @Override
    public void scored(Scored scored) {
        owed.remove(new Place(scored.partition(), scored.offset()));
    }

    @Override
    public void deadLettered(DeadLetter letter) {
        owedLetters.remove(new Place(letter.partition(), letter.offset()));
    }

    @Override
    public void check() {
        if (!owed.isEmpty() || !owedLetters.isEmpty()) {
            throw new AssertionError("no score of " + owed.size() + " valid records: " + first(owed)
                    + "; no dead letter of " + owedLetters.size() + " others: " + first(owedLetters));
        }
    }

    private static String first(Set<Place> places) {
        return places.stream().limit(5).toList().toString();
    }
}
