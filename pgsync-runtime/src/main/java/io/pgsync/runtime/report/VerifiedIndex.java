package io.pgsync.runtime.report;

import io.pgsync.core.change.Lsn;
import java.util.List;
import java.util.Optional;

/**
 * What a comparison of one index with its source found.
 *
 * @param position everything that was committed up to here was taken into account; later changes may be
 * @param seconds how long it took
 * @param isComplete false if it was asked to stop before its end
 * @param presenceOnly why only ids were compared and no content; empty if content was compared too
 * @param searchesExtra whether documents without a root were looked for: not under a condition
 * @param differences the first ones; {@link Counts} has all of them
 * @param failure what ended the comparison of the indexes, this one or a later one; told with what was found before
 */
public record VerifiedIndex(
        String index,
        Lsn position,
        double seconds,
        boolean isComplete,
        Optional<String> presenceOnly,
        boolean searchesExtra,
        Counts counts,
        List<Difference> differences,
        Optional<Throwable> failure) {
    public VerifiedIndex {
        differences = List.copyOf(differences);
    }

    /** Without a failure. */
    public VerifiedIndex(
            String index,
            Lsn position,
            double seconds,
            boolean isComplete,
            Optional<String> presenceOnly,
            boolean searchesExtra,
            Counts counts,
            List<Difference> differences) {
        this(index, position, seconds, isComplete, presenceOnly, searchesExtra, counts, differences, Optional.empty());
    }

    /** The same with a failure after it. */
    public VerifiedIndex endedBy(Throwable cause) {
        return new VerifiedIndex(
                index,
                position,
                seconds,
                isComplete,
                presenceOnly,
                searchesExtra,
                counts,
                differences,
                Optional.of(cause));
    }

    /**
     * Numbers of documents.
     *
     * @param compared those that the source has, or would have if it could make them
     * @param refused known to be refused, or impossible to make; {@code status} counts them too
     * @param undecided changed at each look, so that nobody can tell
     * @param repaired stored as they must be after they differed
     */
    public record Counts(
            long compared, long missing, long different, long extra, long refused, long undecided, long repaired) {
        /** Nothing yet. */
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0);

        /** Both together. */
        public Counts plus(Counts other) {
            return new Counts(
                    compared + other.compared,
                    missing + other.missing,
                    different + other.different,
                    extra + other.extra,
                    refused + other.refused,
                    undecided + other.undecided,
                    repaired + other.repaired);
        }

        /** Those that differed, repaired or not. */
        public long differing() {
            return missing + different + extra;
        }

        /** Those that differ still. */
        public long remaining() {
            return differing() - repaired;
        }
    }
}
