package dev.eddy.backtest;

import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The scores that rank images, each on its own. */
enum Measure {
    SCORE("score"),
    RECONSTRUCTION_ERROR("reconstructionError"),
    KL("kl"),
    RAPP("rapp"),
    CROSS_ENTROPY("crossEntropy");

    private final String key;

    Measure(String key) {
        this.key = key;
    }

    /** Its name in JSON and CSV. */
    String key() {
        return key;
    }

    /** What it says of one image; higher is stranger. */
    double of(ScoredImage image) {
        return switch (this) {
            case SCORE -> image.score().score();
            case RECONSTRUCTION_ERROR -> image.score().reconstructionError();
            case KL -> image.score().kl();
            case RAPP -> image.score().rapp();
            case CROSS_ENTROPY -> image.crossEntropy();
        };
    }

    /** How well it tells the anomalous from the normal; null if one of the two is missing. */
    @Nullable
    Roc roc(Collection<ScoredImage> images) {
        return Roc.of(values(images, ScoredImage::isNormal), values(images, ScoredImage::isAnomalous));
    }

    double[] values(Collection<ScoredImage> images, Predicate<ScoredImage> which) {
        return images.stream().filter(which).mapToDouble(this::of).toArray();
    }
}
