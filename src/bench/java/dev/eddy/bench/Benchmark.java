package dev.eddy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.eddy.nn.Blas;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Eddy against libtorch, alternating, one thread each: a table, and one JSON object as the last line. Ratios are
 * libtorch's time over Eddy's, medians over the rounds of the ratio within a round, so that a machine that is slower
 * for a while slows both.
 */
public final class Benchmark {

    private static final int ROUNDS = Integer.getInteger("eddy.bench.rounds", 9);
    private static final int END_TO_END_ROUNDS = Integer.getInteger("eddy.bench.endToEndRounds", 9);
    private static final long SLICE_NANOS = 1_000_000L * Long.getLong("eddy.bench.sliceMillis", 60);
    private static final int WARM_UP = 8; // slices

    private Benchmark() {}

    /** One line of the table under way. */
    private static final class Line {

        final Case what;
        final double[] eddy = new double[ROUNDS]; // nanoseconds of a unit
        final double[] peer = new double[ROUNDS];
        int eddyIterations;
        int peerIterations;

        Line(Case what) {
            this.what = what;
        }

        double ratio() {
            double[] ratios = new double[ROUNDS];
            Arrays.setAll(ratios, i -> peer[i] / eddy[i]);
            return median(ratios);
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        String only = System.getProperty("eddy.bench.only", "");
        List<Line> lines = new ArrayList<>();
        for (Case what : cases()) {
            if (what.label().matches(only.isEmpty() ? ".*" : only)) {
                lines.add(new Line(what));
            }
        }
        Blas.load();
        double[] gemm = new double[ROUNDS];
        ObjectNode readings = new ObjectMapper().createObjectNode();
        try (PeerProcess peer = new PeerProcess();
                BestGemm best = new BestGemm()) {
            Agreement.check(peer);
            EddySide eddy = new EddySide();
            for (Line line : lines) {
                line.eddyIterations = warmUp(eddy, line.what);
                line.peerIterations = warmUp(peer, line.what);
            }
            for (int round = 0; round < ROUNDS; round++) {
                gemm[round] = best.rate();
                for (Line line : lines) {
                    if (round % 2 == 0) {
                        line.eddy[round] = time(eddy, line.what, line.eddyIterations);
                        line.peer[round] = time(peer, line.what, line.peerIterations);
                    } else {
                        line.peer[round] = time(peer, line.what, line.peerIterations);
                        line.eddy[round] = time(eddy, line.what, line.eddyIterations);
                    }
                }
            }
            if (END_TO_END_ROUNDS > 0) {
                readings = endToEnd(peer);
            }
        }
        print(lines, gemm, readings);
    }

    /** Rates through the broker, a round at a time, so that what slows the machine slows all. */
    private static ObjectNode endToEnd(PeerProcess peer) throws IOException, InterruptedException {
        double[] eddy = new double[END_TO_END_ROUNDS];
        double[] libtorch = new double[END_TO_END_ROUNDS];
        double[] overhead = new double[END_TO_END_ROUNDS];
        double[] inProcess = new double[END_TO_END_ROUNDS];
        double[] scale = new double[END_TO_END_ROUNDS];
        try (EndToEnd endToEnd = new EndToEnd(peer)) {
            for (int round = 0; round < END_TO_END_ROUNDS; round++) {
                eddy[round] = endToEnd.eddy();
                libtorch[round] = endToEnd.libtorch();
                inProcess[round] = endToEnd.inProcess();
                scale[round] = endToEnd.eddyOnTwo() / eddy[round];
                overhead[round] = 1 - eddy[round] / inProcess[round];
            }
        }
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("endToEndRecordsPerSecond", Math.round(median(eddy)));
        json.put("peerEndToEndRecordsPerSecond", Math.round(median(libtorch)));
        json.put("inProcessRecordsPerSecond", Math.round(median(inProcess)));
        json.put("kafkaOverhead", round(median(overhead)));
        json.put("twoPartitionsOverOne", round(median(scale)));
        return json;
    }

    /** At their own batch sizes first; then all at 32, 64 and 128. */
    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        cases.add(Case.of(Preset.DEFAULT, Work.VAE, 32));
        cases.add(Case.of(Preset.DEFAULT, Work.GAN, 64));
        cases.add(Case.of(Preset.DEFAULT, Work.SCORE, 64));
        cases.add(new Case(Preset.DEFAULT, Work.LEARNER, 64, 32));
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

    /** Runs a case until it is compiled and returns how many units fill a slice. */
    private static int warmUp(Side side, Case what) throws IOException {
        int iterations = 1;
        long spent = 0;
        long last = 1;
        while (spent < WARM_UP * SLICE_NANOS) {
            last = side.nanos(what, iterations);
            spent += last;
            if (last < SLICE_NANOS / 2) {
                iterations *= 2;
            }
        }
        return (int) Math.max(1, iterations * SLICE_NANOS / last);
    }

    private static double time(Side side, Case what, int iterations) throws IOException {
        return (double) side.nanos(what, iterations) / iterations;
    }

    private static void print(List<Line> lines, double[] gemm, ObjectNode readings) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        ObjectNode all = new ObjectMapper().createObjectNode();
        double limit = Arrays.stream(gemm).max().orElseThrow();
        System.out.printf(
                Locale.ROOT,
                "%-28s %12s %12s %8s %10s%n",
                "work and batch",
                "eddy ms",
                "libtorch ms",
                "ratio",
                "of sgemm");
        for (Line line : lines) {
            double fraction = Flops.of(line.what) / median(line.eddy) * 1e9 / limit;
            System.out.printf(
                    Locale.ROOT,
                    "%-28s %12.3f %12.3f %8.2f %10.2f%n",
                    line.what.label(),
                    median(line.eddy) / 1e6,
                    median(line.peer) / 1e6,
                    line.ratio(),
                    fraction);
            ObjectNode entry = all.putObject(line.what.label());
            entry.put("eddyMillis", round(median(line.eddy) / 1e6));
            entry.put("libtorchMillis", round(median(line.peer) / 1e6));
            entry.put("ratio", round(line.ratio()));
            entry.put("sgemmFraction", round(fraction));
            if (!json.has(line.what.work().figure)) {
                json.put(line.what.work().figure, round(line.ratio()));
            }
            if (line.what.equals(Case.of(Preset.DEFAULT, Work.LEARNER, 128))) {
                json.put("sgemmFraction", round(fraction));
            }
        }
        readings.fieldNames().forEachRemaining(name -> System.out.printf("%-40s %s%n", name, readings.get(name)));
        System.out.printf(Locale.ROOT, "best sgemm %.1f GFLOP/s, %d rounds%n", limit / 1e9, ROUNDS);
        json.put("sgemmGigaflops", round(limit / 1e9));
        json.setAll(readings);
        json.set("cases", all);
        System.out.println(json);
    }

    private static double round(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
