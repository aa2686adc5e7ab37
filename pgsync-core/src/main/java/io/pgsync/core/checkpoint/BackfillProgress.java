package io.pgsync.core.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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
        return DONE.with(change -> {
            change.phase = Phase.LOADING;
            change.removesOrphans = removesOrphans;
        });
    }

    /** A load of the roots that match a condition, from the start. */
    public static BackfillProgress startWhere(String condition) {
        return start(false).with(change -> change.where = Optional.of(condition));
    }

    /**
     * A load of the documents with these ids; those without a root are removed. An earlier release takes it for a whole
     * load, and removes the others without a root too.
     */
    public static BackfillProgress startIds(List<String> ids) {
        return start(true).withIds(ids);
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
        BackfillProgress before = isDone() ? start(true).in(Phase.PARTITIONS).atRate(perSecond) : this;
        return before.with(Optional.of(all));
    }

    /** The same load with another one for partitions after it. */
    public BackfillProgress with(Optional<PartitionLoad> load) {
        return with(change -> change.partitions = load);
    }

    /** The progress of the last part, that for partitions, when {@code more} documents of it are settled. */
    public BackfillProgress partitionsLoaded(PartitionLoad now, long more, long moreRefused) {
        BackfillProgress loaded = settled(more, moreRefused).with(Optional.of(now));
        return now.isOver() ? loaded.in(Phase.DONE) : loaded;
    }

    /** The same load, and before its rest that of the documents with these ids. */
    public BackfillProgress withIds(List<String> first) {
        return with(change -> change.ids = first);
    }

    /** The progress when the documents that were named are settled, and {@code moreRefused} of them were refused. */
    public BackfillProgress idsLoaded(long more, long moreRefused) {
        BackfillProgress loaded = settled(more, moreRefused).withIds(List.of());
        return where.isEmpty() ? loaded.ended() : loaded;
    }

    /**
     * The progress after one more range up to {@code key}: {@code more} documents are settled, and {@code moreRefused}
     * of them were refused instead of stored.
     */
    public BackfillProgress loaded(List<String> key, long more, long moreRefused) {
        return settled(more, moreRefused).in(Phase.LOADING).with(change -> change.lastKey = Optional.of(key));
    }

    private BackfillProgress settled(long more, long moreRefused) {
        return with(change -> {
            change.documents += more;
            change.refusedDocuments += moreRefused;
        });
    }

    /** The same load at its end, or before what is loaded last. */
    public BackfillProgress ended() {
        boolean isLast = partitions.map(PartitionLoad::isOver).orElse(true);
        return isLast ? in(Phase.DONE) : beforePartitions();
    }

    private BackfillProgress beforePartitions() {
        return with(change -> {
            change.phase = Phase.PARTITIONS;
            change.lastKey = Optional.empty();
            change.removesOrphans = true;
            change.where = Optional.empty();
            change.ids = List.of();
        });
    }

    /** The same load in another phase. */
    public BackfillProgress in(Phase next) {
        return with(change -> change.phase = next);
    }

    /** The same load with its rate. */
    public BackfillProgress atRate(long documentsPerSecond) {
        return with(change -> change.perSecond = documentsPerSecond);
    }

    /** The end of a load whose condition the source refuses. */
    public BackfillProgress refused(String reason) {
        return with(change -> change.refusal = Optional.of(reason)).ended();
    }

    private BackfillProgress with(Consumer<Change> edit) {
        var change = new Change(this);
        edit.accept(change);
        return change.done();
    }

    /** A copy under change: a step of a load touches two or three parts of its progress, the others stay. */
    private static final class Change {
        private Phase phase;
        private Optional<List<String>> lastKey;
        private long documents;
        private long refusedDocuments;
        private boolean removesOrphans;
        private Optional<String> where;
        private Optional<String> refusal;
        private List<String> ids;
        private long perSecond;
        private Optional<PartitionLoad> partitions;

        private Change(BackfillProgress from) {
            phase = from.phase;
            lastKey = from.lastKey;
            documents = from.documents;
            refusedDocuments = from.refusedDocuments;
            removesOrphans = from.removesOrphans;
            where = from.where;
            refusal = from.refusal;
            ids = from.ids;
            perSecond = from.perSecond;
            partitions = from.partitions;
        }

        private BackfillProgress done() {
            return new BackfillProgress(
                    phase,
                    lastKey,
                    documents,
                    refusedDocuments,
                    removesOrphans,
                    where,
                    refusal,
                    ids,
                    perSecond,
                    partitions);
        }
    }

    /** Whether every document so far was refused; a load that ends so is no success. */
    public boolean isRefusedWhole() {
        return documents > 0 && refusedDocuments >= documents;
    }

    /** Whether the load is at its end, however it ended. */
    public boolean isDone() {
        return phase == Phase.DONE;
    }

    /** Whether the whole index is to be loaded and nothing of it is yet. */
    public boolean isFromTheBeginning() {
        return isWholeUnderWay() && lastKey.isEmpty() && documents == 0;
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
