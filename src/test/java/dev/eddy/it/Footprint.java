package dev.eddy.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process of Linux holds at a moment.
 *
 * @param records that it has worked through
 * @param residentMegabytes memory, heap and off-heap together
 * @param threads number of them
 * @param files open file handles, sockets included
 * @param nanos when it was taken, as {@link System#nanoTime}
 */
record Footprint(long records, double residentMegabytes, long threads, long files, long nanos) {

    static boolean canBeTaken() {
        return Files.isDirectory(Path.of("/proc/self/fd"));
    }

    static Footprint of(long pid, long records) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        List<String> status = Files.readAllLines(process.resolve("status"));
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return new Footprint(
                    records,
                    number(status, "VmRSS:") / 1024.0,
                    number(status, "Threads:"),
                    files.count(),
                    System.nanoTime());
        }
    }

    private static long number(List<String> status, String field) {
        String line =
                status.stream().filter(l -> l.startsWith(field)).findFirst().orElseThrow();
        return Long.parseLong(line.replaceAll("\\D", ""));
    }

    /** Records a second from the first to the last. */
    static double rate(List<Footprint> taken) {
        Footprint first = taken.get(0);
        Footprint last = taken.get(taken.size() - 1);
        return (last.records - first.records) * 1e9 / (last.nanos - first.nanos);
    }

    /** The slope of the least-squares line through the resident memory, megabytes in a million records. */
    static double slope(List<Footprint> taken) {
        double meanX =
                taken.stream().mapToDouble(f -> f.records / 1e6).average().orElse(0);
        double meanY = taken.stream()
                .mapToDouble(Footprint::residentMegabytes)
                .average()
                .orElse(0);
        double sumXy = 0;
        double sumXx = 0;
        for (Footprint f : taken) {
            double x = f.records / 1e6 - meanX;
            sumXy += x * (f.residentMegabytes - meanY);
            sumXx += x * x;
        }
        return sumXy / sumXx;
    }
}
