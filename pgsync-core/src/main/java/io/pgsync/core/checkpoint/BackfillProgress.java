package io.pgsync.core.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * How far the load of an index has come.
 *
 * @param lastKey every root up to this key, in the source's key order, is stored; empty at the start
 * @param documents how many documents that were
 */
public record BackfillProgress(Phase phase, Optional<List<String>> lastKey, long documents) {
    public static final BackfillProgress START = new BackfillProgress(Phase.LOADING, Optional.empty(), 0);

    /** What the load is doing. */
    public enum Phase {
        /** Reading root rows in key order. */
        LOADING,
        /** Removing documents whose roots are gone. */
        REMOVING,
        DONE
    }
}
