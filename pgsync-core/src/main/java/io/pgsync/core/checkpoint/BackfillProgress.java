package io.pgsync.core.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * How far the load of an index has come.
 *
 * @param lastKey every root up to this key, in the source's key order, is stored; empty at the start
 * @param documents how many documents that were
 * @param removesOrphans ends by removing documents whose roots are gone; needless for an index that was empty at the start
 */
public record BackfillProgress(Phase phase, Optional<List<String>> lastKey, long documents, boolean removesOrphans) {
    public static final BackfillProgress DONE = new BackfillProgress(Phase.DONE, Optional.empty(), 0, false);

    /** A full load from the start. */
    public static BackfillProgress start(boolean removesOrphans) {
        return new BackfillProgress(Phase.LOADING, Optional.empty(), 0, removesOrphans);
    }

    /** One more stretch is stored, up to {@code key}. */
    public BackfillProgress loaded(List<String> key, long more) {
        return new BackfillProgress(Phase.LOADING, Optional.of(key), documents + more, removesOrphans);
    }

    public BackfillProgress in(Phase next) {
        return new BackfillProgress(next, lastKey, documents, removesOrphans);
    }

    public boolean isDone() {
        return phase == Phase.DONE;
    }

    /** What the load is doing. */
    public enum Phase {
        /** Reading root rows in key order. */
        LOADING,
        /** Removing documents whose roots are gone. */
        REMOVING,
        DONE
    }
}
