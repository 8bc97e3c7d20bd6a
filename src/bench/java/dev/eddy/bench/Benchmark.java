package dev.eddy.bench;

import dev.eddy.nn.Blas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Eddy against libtorch, alternating, one thread each: a table, and one JSON object as the last line. Ratios are
 * libtorch's time over Eddy's, medians over the rounds of the ratio within a round, so that a machine that is slower
 * for a while slows both.
 */
public final class Benchmark {

    private static final int ROUNDS = Integer.getInteger("eddy.bench.rounds", 9);
    private static final int END_TO_END_ROUNDS = Integer.getInteger("eddy.bench.endToEndRounds", 9);
    private static final String ONLY = System.getProperty("eddy.bench.only", ".*");

    private Benchmark() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Line> lines = cases().stream()
                .filter(what -> what.label().matches(ONLY))
                .map(what -> new Line(what, ROUNDS))
                .toList();
        Blas.load();
        double limit = 0;
        Map<String, Double> readings = new LinkedHashMap<>();
        try (PeerProcess peer = new PeerProcess();
                BestGemm best = new BestGemm()) {
            Agreement.check(peer);
            EddySide eddy = new EddySide();
            for (Line line : lines) {
                line.warmUp(eddy, peer);
            }
            for (int round = 0; round < ROUNDS; round++) {
                limit = Math.max(limit, best.rate());
                for (Line line : lines) {
                    line.time(round, eddy, peer);
                }
            }
            if (END_TO_END_ROUNDS > 0) {
                endToEnd(peer, readings);
            }
        }
        new Report(lines, limit, readings).print(System.out);
    }

    /** Rates through the broker, a round at a time, so that what slows the machine slows all. */
    private static void endToEnd(PeerProcess peer, Map<String, Double> readings)
            throws IOException, InterruptedException {
        double[] eddy = new double[END_TO_END_ROUNDS];
        double[] libtorch = new double[END_TO_END_ROUNDS];
        double[] inProcess = new double[END_TO_END_ROUNDS];
        double[] overhead = new double[END_TO_END_ROUNDS];
        double[] two = new double[END_TO_END_ROUNDS];
        double[] scoring = new double[END_TO_END_ROUNDS];
        double[] scoringInProcess = new double[END_TO_END_ROUNDS];
        try (EndToEnd endToEnd = new EndToEnd(peer)) {
            readings.put("allocatedBytesPerRecord", endToEnd.allocatedBytes()); // the first warms up, too
            for (int round = 0; round < END_TO_END_ROUNDS; round++) {
                eddy[round] = endToEnd.eddy();
                libtorch[round] = endToEnd.libtorch();
                inProcess[round] = endToEnd.inProcess();
                two[round] = endToEnd.eddyOnTwo() / eddy[round];
                overhead[round] = 1 - eddy[round] / inProcess[round];
                scoring[round] = endToEnd.scoring();
                scoringInProcess[round] = endToEnd.scoringInProcess();
            }
            readings.put("endToEndRecordsPerSecond", Medians.median(eddy));
            readings.put("peerEndToEndRecordsPerSecond", Medians.median(libtorch));
            readings.put("inProcessRecordsPerSecond", Medians.median(inProcess));
            readings.put("kafkaOverhead", Medians.median(overhead));
            readings.put("twoPartitionsOverOne", Medians.median(two));
            readings.put("scoresPerSecond", Medians.median(scoringInProcess));
            readings.put("endToEndScoresPerSecond", Medians.median(scoring));
            readings.put("idleShareOfACore", endToEnd.idleShare());
        }
    }

    /** At their own batch sizes first; then all at 32, 64 and 128. */
    private static List<Case> cases() {
        List<Case> cases =
                new ArrayList<>(Arrays.stream(Work.values()).map(Case::own).toList());
        for (Preset preset : Preset.values()) {
            for (Work work : Work.values()) {
                for (int batch : new int[] {32, 64, 128}) {
                    Case what = Case.of(preset, work, batch);
                    if (!cases.contains(what)) {
                        cases.add(what);
                    }
                }
            }
        }
        return cases;
    }
}
