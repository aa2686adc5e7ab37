package io.pgsync.core.checkpoint;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of one index, kept beside the data it describes.
 *
 * @param index the index's name
 * @param indexUuid the engine's identifier of the index; another one means it was deleted or replaced
 * @param source the cluster and slot it follows
 * @param generation the writer that owns the index; greater ones win
 * @param schemaFingerprint of the document's definition as it was loaded
 * @param stored every change up to here is stored or recorded as refused
 * @param refused ids of documents that the engine refused and that are not stored since
 * @param storedAt when the last change that is stored was committed, by the source's clock; empty before the first
 * @param gap changes that never came and never will; only a new load clears it
 */
public record SyncState(
        String index,
        String indexUuid,
        SourceIdentity source,
        long generation,
        String schemaFingerprint,
        BackfillProgress backfill,
        Lsn stored,
        List<String> refused,
        Optional<Instant> storedAt,
        Optional<Gap> gap) {
    public SyncState {
        refused = List.copyOf(refused);
    }

    /** An index that nothing was streamed to yet. */
    public SyncState(
            String index,
            String indexUuid,
            SourceIdentity source,
            long generation,
            String schemaFingerprint,
            BackfillProgress backfill,
            Lsn stored,
            List<String> refused) {
        this(
                index,
                indexUuid,
                source,
                generation,
                schemaFingerprint,
                backfill,
                stored,
                refused,
                Optional.empty(),
                Optional.empty());
    }

    /** Changes behind {@code from}, up to about {@code to}, that nobody can supply any more. */
    public record Gap(Lsn from, Lsn to, String reason, Kind kind) {
        /** Why changes are missing. */
        public enum Kind {
            /** They were not kept for the index. */
            LOST,
            /** The tables do not fit the document any more, so nothing was read of them since. */
            SCHEMA_DRIFT
        }

        public Gap(Lsn from, Lsn to, String reason) {
            this(from, to, reason, Kind.LOST);
        }

        /** Nothing behind {@code from} will come before a person corrected the tables or the schema file. */
        public static Gap bySchemaDrift(Lsn from, String reason) {
            return new Gap(from, from, reason, Kind.SCHEMA_DRIFT);
        }

        public boolean isSchemaDrift() {
            return kind == Kind.SCHEMA_DRIFT;
        }

        /** What happened to {@code index}, and what a person has to do about it. */
        public String advice(String index) {
            return isSchemaDrift()
                    ? "Index \"%s\" %s. Correct the table or the schema file, stop pgsync, run \"pgsync bootstrap\", which has the index loaded again, and start pgsync"
                            .formatted(index, this)
                    : "Index \"%s\": %s".formatted(index, this);
        }

        @Override
        public String toString() {
            return isSchemaDrift()
                    ? "stopped at %s by schema-drift: %s".formatted(from, reason)
                    : "changes from %s to %s are missing: %s".formatted(from, to, reason);
        }
    }

    /** Whether the document stopped because its tables changed. */
    public boolean isDrifted() {
        return gap.filter(Gap::isSchemaDrift).isPresent();
    }

    public SyncState withStored(Lsn lsn, Optional<Instant> committedAt) {
        return copy(generation, backfill, lsn, refused, committedAt, gap);
    }

    public SyncState withBackfill(BackfillProgress progress) {
        return copy(generation, progress, stored, refused, storedAt, gap);
    }

    public SyncState withGeneration(long next) {
        return copy(next, backfill, stored, refused, storedAt, gap);
    }

    public SyncState withRefused(List<String> ids) {
        return copy(generation, backfill, stored, ids, storedAt, gap);
    }

    public SyncState withGap(Gap found) {
        return copy(generation, backfill, stored, refused, storedAt, Optional.of(found));
    }

    private SyncState copy(
            long nextGeneration,
            BackfillProgress progress,
            Lsn lsn,
            List<String> ids,
            Optional<Instant> committedAt,
            Optional<Gap> missing) {
        return new SyncState(
                index, indexUuid, source, nextGeneration, schemaFingerprint, progress, lsn, ids, committedAt, missing);
    }
}
