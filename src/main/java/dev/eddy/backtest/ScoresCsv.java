package dev.eddy.backtest;

import dev.eddy.learn.Score;
import java.util.List;

/**
 * Scores as comma-separated values (RFC 4180), a line for each image in the order of the file. {@code label} and
 * {@code normal} are empty where they are unknown; numbers have all digits of the double.
 */
final class ScoresCsv {

    private static final String HEADER =
            "index,label,normal,score,reconstructionError,kl,rapp,crossEntropy,pValue,anomaly,warming,step\r\n";

    private ScoresCsv() {}

    static String of(List<ScoredImage> images) {
        StringBuilder csv = new StringBuilder(HEADER);
        for (ScoredImage image : images) {
            Score score = image.score();
            csv.append(image.index()).append(',');
            csv.append(image.label() == null ? "" : image.label()).append(',');
            csv.append(image.normal() == null ? "" : image.normal()).append(',');
            for (Measure measure : Measure.values()) {
                csv.append(measure.of(image)).append(',');
            }
            csv.append(score.pValue()).append(',');
            csv.append(score.anomaly()).append(',');
            csv.append(score.warming()).append(',');
            csv.append(score.step()).append("\r\n");
        }
        return csv.toString();
    }
}
