package io.pgsync.core.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * How far the load of an index has come.
 *
 * @param lastKey every root up to this key, in the source's key order, is stored; empty at the start
 * @param documents how many documents that were
 * @param refusedDocuments how many of them were refused; an earlier release leaves it at zero
 * @param removesOrphans ends by removing documents whose roots are gone; needless for an index that was empty at the start
 * @param where loads only the roots that match this SQL condition over the root's columns; empty for a whole load
 * @param refusal why the source did not take the condition: the load has ended early
 */
public record BackfillProgress(
        Phase phase,
        Optional<List<String>> lastKey,
        long documents,
        long refusedDocuments,
        boolean removesOrphans,
        Optional<String> where,
        Optional<String> refusal) {
    /** Nothing is loaded, and nothing has to be. */
    public static final BackfillProgress DONE =
            new BackfillProgress(Phase.DONE, Optional.empty(), 0, 0, false, Optional.empty(), Optional.empty());

    /** A full load from the start. */
    public static BackfillProgress start(boolean removesOrphans) {
        return new BackfillProgress(
                Phase.LOADING, Optional.empty(), 0, 0, removesOrphans, Optional.empty(), Optional.empty());
    }

    /** A load of the roots that match a condition, from the start. */
    public static BackfillProgress startWhere(String condition) {
        return new BackfillProgress(
                Phase.LOADING, Optional.empty(), 0, 0, false, Optional.of(condition), Optional.empty());
    }

    /** One more stretch is settled, up to {@code key}: {@code more} documents are stored, {@code moreRefused} of them refused instead. */
    public BackfillProgress loaded(List<String> key, long more, long moreRefused) {
        return new BackfillProgress(
                Phase.LOADING,
                Optional.of(key),
                documents + more,
                refusedDocuments + moreRefused,
                removesOrphans,
                where,
                refusal);
    }

    /** The same load in another phase. */
    public BackfillProgress in(Phase next) {
        return new BackfillProgress(next, lastKey, documents, refusedDocuments, removesOrphans, where, refusal);
    }

    /** The end of a load whose condition the source does not take. */
    public BackfillProgress refused(String reason) {
        return new BackfillProgress(
                Phase.DONE, lastKey, documents, refusedDocuments, removesOrphans, where, Optional.of(reason));
    }

    /** Whether everything that was sent so far was refused: at the end, that is no success. */
    public boolean isRefusedWhole() {
        return documents > 0 && refusedDocuments >= documents;
    }

    /** Whether the load is at its end, however it ended. */
    public boolean isDone() {
        return phase == Phase.DONE;
    }

    /** A load of the whole index that is not at its end. */
    public boolean isWholeUnderWay() {
        return !isDone() && where.isEmpty();
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
