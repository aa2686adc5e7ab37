package io.pgsync.bench.load;

import java.util.Collection;
import java.util.List;

/** Measured times, in nanoseconds, shortest first. */
record Durations(List<Long> sorted) {
    static Durations of(Collection<Long> nanos) {
        return new Durations(nanos.stream().sorted().toList());
    }

    /** The smallest time that {@code share} of all do not exceed, in milliseconds. */
    double percentile(double share) {
        int rank = (int) Math.ceil(share * sorted.size());
        return sorted.get(Math.max(0, rank - 1)) / 1e6;
    }

    double max() {
        return percentile(1);
    }
}
