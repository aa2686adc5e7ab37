package io.pgsync.core.checkpoint;

import java.util.List;
import java.util.Optional;

/**
 * How far the load of an index has come.
 *
 * @param lastKey every root up to this key, in the source's key order, is stored; empty at the start
 * @param documents the number of documents up to this key
 * @param refusedDocuments how many of them were refused; always 0 from earlier releases
 * @param removesOrphans whether the load ends by removing documents whose roots are gone; not needed if the index was
 *     empty at the start
 * @param where an SQL condition over the root's columns, to load only the roots that match it; empty for a whole load
 * @param refusal why the source refused the condition; the load has then ended early
 * @param ids documents that are loaded first, whatever else is; without a condition, nothing else is
 * @param perSecond how many documents a second it loaded, known at its end; 0 if it took less than a second
 * @param partitions what is loaded last, because partitions came or left; kept when it is over, to tell of it
 */
public record BackfillProgress(
        Phase phase,
        Optional<List<String>> lastKey,
        long documents,
        long refusedDocuments,
        boolean removesOrphans,
        Optional<String> where,
        Optional<String> refusal,
        List<String> ids,
        long perSecond,
        Optional<PartitionLoad> partitions) {
    /** So many documents are named at most; they are read by one statement. */
    public static final int MOST_IDS = 1_000;

    public BackfillProgress {
        ids = List.copyOf(ids);
    }

    /** Nothing is loaded, and nothing has to be. */
    public static final BackfillProgress DONE = new BackfillProgress(
            Phase.DONE,
            Optional.empty(),
            0,
            0,
            false,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            0,
            Optional.empty());

    /** A full load from the start. */
    public static BackfillProgress start(boolean removesOrphans) {
        return new BackfillProgress(
                Phase.LOADING,
                Optional.empty(),
                0,
                0,
                removesOrphans,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                0,
                Optional.empty());
    }

    /** A load of the roots that match a condition, from the start. */
    public static BackfillProgress startWhere(String condition) {
        return new BackfillProgress(
                Phase.LOADING,
                Optional.empty(),
                0,
                0,
                false,
                Optional.of(condition),
                Optional.empty(),
                List.of(),
                0,
                Optional.empty());
    }

    /**
     * A load of the documents with these ids; those without a root are removed. An earlier release takes it for a whole
     * load, and removes the others without a root too.
     */
    public static BackfillProgress startIds(List<String> ids) {
        return new BackfillProgress(
                Phase.LOADING,
                Optional.empty(),
                0,
                0,
                true,
                Optional.empty(),
                Optional.empty(),
                ids,
                0,
                Optional.empty());
    }

    /**
     * The same load, and after it that of the documents which partitions concern. If nothing less than everything is
     * enough, a whole load from the start.
     */
    public BackfillProgress and(PartitionLoad more) {
        PartitionLoad all = partitions
                .filter(load -> !load.isOver())
                .map(load -> load.and(more))
                .orElse(more);
        if (all.isWhole()) {
            return start(true).atRate(perSecond).with(Optional.of(all.ended()));
        }
        return isDone()
                ? new BackfillProgress(
                        Phase.PARTITIONS,
                        Optional.empty(),
                        0,
                        0,
                        true,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        perSecond,
                        Optional.of(all))
                : with(Optional.of(all));
    }

    /** The same load with another one for partitions after it. */
    public BackfillProgress with(Optional<PartitionLoad> load) {
        return new BackfillProgress(
                phase, lastKey, documents, refusedDocuments, removesOrphans, where, refusal, ids, perSecond, load);
    }

    /** The progress of the last part, that for partitions, when {@code more} documents of it are settled. */
    public BackfillProgress partitionsLoaded(PartitionLoad now, long more, long moreRefused) {
        BackfillProgress loaded = new BackfillProgress(
                phase,
                lastKey,
                documents + more,
                refusedDocuments + moreRefused,
                removesOrphans,
                where,
                refusal,
                ids,
                perSecond,
                Optional.of(now));
        return now.isOver() ? loaded.in(Phase.DONE) : loaded;
    }

    /** The same load, and before its rest that of the documents with these ids. */
    public BackfillProgress withIds(List<String> first) {
        return new BackfillProgress(
                phase,
                lastKey,
                documents,
                refusedDocuments,
                removesOrphans,
                where,
                refusal,
                first,
                perSecond,
                partitions);
    }

    /** The progress when the documents that were named are settled, and {@code moreRefused} of them were refused. */
    public BackfillProgress idsLoaded(long more, long moreRefused) {
        BackfillProgress loaded = new BackfillProgress(
                phase,
                lastKey,
                documents + more,
                refusedDocuments + moreRefused,
                removesOrphans,
                where,
                refusal,
                List.of(),
                perSecond,
                partitions);
        return where.isEmpty() ? loaded.ended() : loaded;
    }

    /**
     * The progress after one more range up to {@code key}: {@code more} documents are settled, and {@code moreRefused}
     * of them were refused instead of stored.
     */
    public BackfillProgress loaded(List<String> key, long more, long moreRefused) {
        return new BackfillProgress(
                Phase.LOADING,
                Optional.of(key),
                documents + more,
                refusedDocuments + moreRefused,
                removesOrphans,
                where,
                refusal,
                ids,
                perSecond,
                partitions);
    }

    /** The same load at its end, or before what is loaded last. */
    public BackfillProgress ended() {
        boolean isLast = partitions.map(PartitionLoad::isOver).orElse(true);
        return isLast
                ? in(Phase.DONE)
                : new BackfillProgress(
                        Phase.PARTITIONS,
                        Optional.empty(),
                        documents,
                        refusedDocuments,
                        true,
                        Optional.empty(),
                        refusal,
                        List.of(),
                        perSecond,
                        partitions);
    }

    /** The same load in another phase. */
    public BackfillProgress in(Phase next) {
        return new BackfillProgress(
                next, lastKey, documents, refusedDocuments, removesOrphans, where, refusal, ids, perSecond, partitions);
    }

    /** The same load with its rate. */
    public BackfillProgress atRate(long documentsPerSecond) {
        return new BackfillProgress(
                phase,
                lastKey,
                documents,
                refusedDocuments,
                removesOrphans,
                where,
                refusal,
                ids,
                documentsPerSecond,
                partitions);
    }

    /** The end of a load whose condition the source refuses. */
    public BackfillProgress refused(String reason) {
        return new BackfillProgress(
                        phase,
                        lastKey,
                        documents,
                        refusedDocuments,
                        removesOrphans,
                        where,
                        Optional.of(reason),
                        ids,
                        perSecond,
                        partitions)
                .ended();
    }

    /** Whether every document so far was refused; a load that ends so is no success. */
    public boolean isRefusedWhole() {
        return documents > 0 && refusedDocuments >= documents;
    }

    /** Whether the load is at its end, however it ended. */
    public boolean isDone() {
        return phase == Phase.DONE;
    }

    /** Whether a load of the whole index is under way. */
    public boolean isWholeUnderWay() {
        return !isDone() && !isPart();
    }

    /** Whether only some documents are loaded. */
    public boolean isPart() {
        return where.isPresent() || !ids.isEmpty() || phase == Phase.PARTITIONS;
    }

    /** What the load is doing. */
    public enum Phase {
        /** Reading root rows in key order. */
        LOADING,
        /** Removing documents whose roots are gone. */
        REMOVING,
        /** Reading what partitions concern that came or left. */
        PARTITIONS,
        DONE
    }
}
