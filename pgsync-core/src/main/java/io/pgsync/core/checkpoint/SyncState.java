package io.pgsync.core.checkpoint;

import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.failure.Divergence.Effect;
import io.pgsync.core.failure.Divergence.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
 * @param histories what the data of each shard descend from, by number (see {@link io.pgsync.core.sink.IndexOwnership#histories}); empty
 *     before the first claim of its load, and in the states of older versions
 * @param definitions of types, views and the like when its load began; empty before its first run, and in the states of older versions
 * @param diverged why it is not, or may not be, what its tables say; only a new load clears it
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
        Optional<Diverged> diverged,
        Optional<Definitions> definitions,
        Map<String, String> histories) {
    public SyncState {
        refused = List.copyOf(refused);
        histories = Map.copyOf(histories);
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
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /**
     * That the index is not, or may not be, what its tables say; recorded, because not every cause can be seen again later.
     *
     * @param from what was stored up to here is not concerned, unless the kind says otherwise
     * @param to where it ended, as far as that is known; else {@code from}
     */
    public record Diverged(Kind kind, Lsn from, Lsn to, String reason) {
        /** Changes behind {@code from}, up to about {@code to}, that nobody can supply any more. */
        public static Diverged gap(Lsn from, Lsn to, String reason) {
            return new Diverged(Kind.GAP, from, to, reason);
        }

        /** What was found when everything up to {@code at} was stored. */
        public static Diverged at(Lsn at, Kind kind, String reason) {
            return new Diverged(kind, at, at, reason);
        }

        /** Both: the graver kind counts, and nothing that was said is forgotten. */
        public Diverged and(Diverged other) {
            return kind.compareTo(other.kind) <= 0 ? with(other.reason) : other.with(reason);
        }

        private Diverged with(String more) {
            return reason.contains(more) ? this : new Diverged(kind, from, to, reason + "; " + more);
        }

        /** What happened to {@code index}, and what a person has to do about it. {@code repair}: the command that loads it again. */
        public String advice(String index, String repair) {
            return "Index \"%s\" %s; %s".formatted(index, this, kind.remedy(repair));
        }

        @Override
        public String toString() {
            if (kind == Kind.GAP) {
                return "changes from %s to %s are missing: %s".formatted(from, to, reason);
            }
            return kind.effect() == Effect.SET_ASIDE
                    ? "stopped at %s by %s: %s".formatted(from, kind.word(), reason)
                    : "is %s since %s: %s".formatted(kind.word(), from, reason);
        }
    }

    /** Whether it is not followed until a person corrects something and has it loaded again. */
    public boolean isSetAside() {
        return diverged.filter(found -> found.kind().effect() == Effect.SET_ASIDE)
                .isPresent();
    }

    /** Everything up to {@code lsn} is stored; {@code committedAt}: when its last change was committed, if there was one. */
    public SyncState withStored(Lsn lsn, Optional<Instant> committedAt) {
        return copy(generation, backfill, lsn, refused, committedAt, diverged, definitions, histories);
    }

    /** The load has come so far. */
    public SyncState withBackfill(BackfillProgress progress) {
        return copy(generation, progress, stored, refused, storedAt, diverged, definitions, histories);
    }

    /** Another process, or another run, writes from here on. */
    public SyncState withGeneration(long next) {
        return copy(next, backfill, stored, refused, storedAt, diverged, definitions, histories);
    }

    /** {@code ids}: the documents that were refused and not stored since. */
    public SyncState withRefused(List<String> ids) {
        return copy(generation, backfill, stored, ids, storedAt, diverged, definitions, histories);
    }

    /** In place of what was found before. */
    public SyncState withDiverged(Diverged found) {
        return copy(generation, backfill, stored, refused, storedAt, Optional.of(found), definitions, histories);
    }

    /** Besides what was found before: see {@link Diverged#and}. */
    public SyncState withAlso(Diverged found) {
        return withDiverged(diverged.map(before -> before.and(found)).orElse(found));
    }

    /** The definitions that its documents are read by from here on. */
    public SyncState withDefinitions(Definitions now) {
        return copy(generation, backfill, stored, refused, storedAt, diverged, Optional.of(now), histories);
    }

    /** Those that were not known yet are now; the others stay. */
    public SyncState withHistories(Map<String, String> now) {
        var known = new HashMap<>(now);
        known.putAll(histories);
        return copy(generation, backfill, stored, refused, storedAt, diverged, definitions, known);
    }

    /** Whether it is {@code other}, but for another load that was asked for, and for what that load mends. */
    public boolean isRequestOver(SyncState other) {
        return copy(
                        generation,
                        other.backfill,
                        stored,
                        refused,
                        storedAt,
                        other.diverged,
                        other.definitions,
                        other.histories)
                .equals(other);
    }

    /** For a load of the whole index that begins now: what was wrong before will be written again. */
    SyncState mended() {
        return copy(generation, backfill, stored, refused, storedAt, Optional.empty(), Optional.empty(), Map.of());
    }

    private SyncState copy(
            long nextGeneration,
            BackfillProgress progress,
            Lsn lsn,
            List<String> ids,
            Optional<Instant> committedAt,
            Optional<Diverged> found,
            Optional<Definitions> then,
            Map<String, String> descent) {
        return new SyncState(
                index,
                indexUuid,
                source,
                nextGeneration,
                schemaFingerprint,
                progress,
                lsn,
                ids,
                committedAt,
                found,
                then,
                descent);
    }
}
