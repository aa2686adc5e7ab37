package io.pgsync.runtime.verify;

import io.pgsync.runtime.report.Difference;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was found in one index so far: all of it counted, the first of it kept. Safe from any thread. */
final class Tally {
    static final int MOST_DIFFERENCES = 1_000;
    /** To repair more than these one by one is dearer than to load the index. */
    static final int MOST_REPAIRED = 10_000;

    private final Map<Difference.Kind, Long> kinds = new EnumMap<>(Difference.Kind.class);
    private final List<Difference> differences = new ArrayList<>();
    private final List<Suspect> repairable = new ArrayList<>();
    /** Of {@link #repairable}. */
    private final Set<String> known = new HashSet<>();

    private long repaired;
    private long compared;
    private long refused;
    private long undecided;

    synchronized void compared(Comparison.Compared group) {
        compared += group.documents();
        refused += group.unmade();
    }

    synchronized void confirmed(Confirmation.Confirmed found) {
        refused += found.refused();
        undecided += found.undecided();
        found.proven().forEach(this::add);
    }

    /** Where the server fails on a row, documents that were compared are looked at again by their ids. */
    private void add(Suspect suspect) {
        if (known.contains(suspect.id())) {
            return;
        }
        kinds.merge(suspect.kind(), 1L, Long::sum);
        if (differences.size() < MOST_DIFFERENCES) {
            differences.add(suspect.asDifference());
        }
        if (repairable.size() < MOST_REPAIRED) {
            repairable.add(suspect.withoutPaths());
            known.add(suspect.id());
        }
    }

    synchronized List<Difference> differences() {
        return List.copyOf(differences);
    }

    /** Of those that differ, as many as are repaired one by one. */
    synchronized List<Suspect> repairable() {
        return List.copyOf(repairable);
    }

    synchronized void repaired(long documents) {
        repaired += documents;
    }

    synchronized Counts counts() {
        return new Counts(
                compared,
                of(Difference.Kind.MISSING),
                of(Difference.Kind.DIFFERENT),
                of(Difference.Kind.EXTRA),
                refused,
                undecided,
                repaired);
    }

    private long of(Difference.Kind kind) {
        return kinds.getOrDefault(kind, 0L);
    }
}
