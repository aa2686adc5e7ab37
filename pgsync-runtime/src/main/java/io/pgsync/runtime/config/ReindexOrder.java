package io.pgsync.runtime.config;

import java.time.Duration;
import java.util.List;

/**
 * What a reindex is to do.
 *
 * @param documents as the schema file names them; empty for those whose definition has changed, or that have a reindex
 * @param keep how long the former index is followed after it was replaced
 */
public record ReindexOrder(Action action, List<String> documents, Duration keep) {
    /** How long a former index is followed if nothing else is said. */
    public static final Duration KEEP = Duration.ofHours(24);

    public ReindexOrder {
        documents = List.copyOf(documents);
        if (keep.isNegative()) {
            throw new IllegalArgumentException("An index cannot be kept for " + keep);
        }
    }

    /** A reindex of these documents, or of those whose definition has changed. */
    public static ReindexOrder of(String... documents) {
        return new ReindexOrder(Action.REPLACE, List.of(documents), KEEP);
    }

    /** What is wanted. */
    public enum Action {
        /** Another index is loaded, and takes the place of the one that is there. */
        REPLACE,
        /** The former index takes its place back. */
        ROLL_BACK,
        /** The former index is not needed any more, and is deleted. */
        FINISH,
        /** The other index is given up, and deleted. */
        ABORT
    }
}
