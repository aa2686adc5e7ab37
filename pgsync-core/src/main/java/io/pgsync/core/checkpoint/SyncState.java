package io.pgsync.core.checkpoint;

import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.failure.Divergence.Effect;
import io.pgsync.core.failure.Divergence.Kind;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything known about one index, stored beside its data.
 *
 * @param index the index's name
 * @param indexUuid the engine's identifier of the index; it changes if the index is deleted or replaced
 * @param source the cluster and slot it follows
 * @param generation the writer that owns the index; a greater one wins
 * @param schemaFingerprint fingerprint of the definition with which the document was loaded
 * @param stored every change up to here is stored or recorded as refused
 * @param refused ids of documents that the engine refused and that were not stored after that
 * @param storedAt the commit time of the last stored change, by the source's clock; empty before the first
 * @param histories the history of each shard's data, by the shard's number (see
 *     {@link io.pgsync.core.sink.IndexOwnership#histories}); empty before the first claim of its load, and in states of
 *     older versions
 * @param definitions types, views and similar objects when its load began; empty before its first run, and in states of
 *     older versions
 * @param diverged why it differs, or may differ, from its tables; only a new load clears it
 * @param loaded the definition of which {@code schemaFingerprint} is the fingerprint; empty in states of older versions
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
        Map<String, String> histories,
        Optional<LoadedDefinition> loaded) {
    public SyncState {
        refused = List.copyOf(refused);
        histories = Map.copyOf(histories);
    }

    /** An index to which nothing has been streamed yet. */
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
                Map.of(),
                Optional.empty());
    }

    /**
     * A divergence of the index. It is recorded because not every cause can be seen later.
     *
     * @param from changes up to here are not affected, unless the kind says otherwise
     * @param to the end of the affected range if known; otherwise {@code from}
     */
    public record Diverged(Kind kind, Lsn from, Lsn to, String reason) {
        /** Changes after {@code from}, up to about {@code to}, that nobody can supply. */
        public static Diverged gap(Lsn from, Lsn to, String reason) {
            return new Diverged(Kind.GAP, from, to, reason);
        }

        /** A divergence that was found when everything up to {@code at} was stored. */
        public static Diverged at(Lsn at, Kind kind, String reason) {
            return new Diverged(kind, at, at, reason);
        }

        /** Both together: the graver kind counts, and both reasons are kept. */
        public Diverged and(Diverged other) {
            return kind.compareTo(other.kind) <= 0 ? with(other.reason) : other.with(reason);
        }

        private Diverged with(String more) {
            return reason.contains(more) ? this : new Diverged(kind, from, to, reason + "; " + more);
        }

        /**
         * What happened to {@code index}, and what a person must do about it. {@code repair}: the command that loads it
         * again.
         */
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

    /** Whether it is not followed until a person corrects something and loads it again. */
    public boolean isSetAside() {
        return diverged.filter(found -> found.kind().effect() == Effect.SET_ASIDE)
                .isPresent();
    }

    /**
     * Whether a load of the whole index is to begin that no process has taken up: then nothing before its beginning is
     * needed, and the positions before it say nothing.
     */
    public boolean isUntouched() {
        return backfill.isFromTheBeginning() && histories.isEmpty();
    }

    /**
     * The state when everything up to {@code lsn} is stored; {@code committedAt}: the commit time of its last change,
     * if there was one.
     */
    public SyncState withStored(Lsn lsn, Optional<Instant> committedAt) {
        return copy(generation, backfill, lsn, refused, committedAt, diverged, definitions, histories);
    }

    /** The state with this progress of its load. */
    public SyncState withBackfill(BackfillProgress progress) {
        return copy(generation, progress, stored, refused, storedAt, diverged, definitions, histories);
    }

    /** The state with another generation, which writes from now on. */
    public SyncState withGeneration(long next) {
        return copy(next, backfill, stored, refused, storedAt, diverged, definitions, histories);
    }

    /** {@code ids}: the documents that were refused and not stored after that. */
    public SyncState withRefused(List<String> ids) {
        return copy(generation, backfill, stored, ids, storedAt, diverged, definitions, histories);
    }

    /** The state with {@code found} in place of an earlier divergence. */
    public SyncState withDiverged(Diverged found) {
        return copy(generation, backfill, stored, refused, storedAt, Optional.of(found), definitions, histories);
    }

    /** The state with {@code found} added to earlier divergences: see {@link Diverged#and}. */
    public SyncState withAlso(Diverged found) {
        return withDiverged(diverged.map(before -> before.and(found)).orElse(found));
    }

    /** The state with the definitions under which its documents are read from now on. */
    public SyncState withDefinitions(Definitions now) {
        return copy(generation, backfill, stored, refused, storedAt, diverged, Optional.of(now), histories);
    }

    /** Adds the histories of shards that were unknown; the others stay. */
    public SyncState withHistories(Map<String, String> now) {
        var known = new HashMap<>(now);
        known.putAll(histories);
        return copy(generation, backfill, stored, refused, storedAt, diverged, definitions, known);
    }

    /** The state with the definition that belongs to its fingerprint. */
    public SyncState withLoaded(LoadedDefinition definition) {
        return copy(
                generation,
                backfill,
                stored,
                refused,
                storedAt,
                diverged,
                definitions,
                histories,
                Optional.of(definition));
    }

    /**
     * Whether it equals {@code other} except for the request of another load, and for what that load repairs. An
     * earlier release that asks for a load does not write the definition.
     */
    public boolean isRequestOver(SyncState other) {
        return copy(
                        generation,
                        other.backfill,
                        stored,
                        refused,
                        storedAt,
                        other.diverged,
                        other.definitions,
                        other.histories,
                        other.loaded)
                .equals(other);
    }

    /** The state of the same documents in an index of another name; {@code shards}: the histories of its shards. */
    public SyncState movedTo(String name, String uuid, Map<String, String> shards) {
        return new SyncState(
                name,
                uuid,
                source,
                generation,
                schemaFingerprint,
                backfill,
                stored,
                refused,
                storedAt,
                diverged,
                definitions,
                shards,
                loaded);
    }

    /**
     * The state of an index that is followed on from {@code next}, the source in the place of the earlier one. It may lack commits that
     * documents show, so all of them are loaded again.
     */
    public SyncState followedOn(SourcePosition next) {
        return new SyncState(
                        index,
                        indexUuid,
                        next.identity(),
                        generation,
                        schemaFingerprint,
                        BackfillProgress.start(true).atRate(backfill.perSecond()),
                        next.confirmed(),
                        refused,
                        storedAt,
                        diverged,
                        definitions,
                        histories,
                        loaded)
                .mended();
    }

    /** The state at the beginning of a whole load, which repairs earlier divergences. */
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
        return copy(nextGeneration, progress, lsn, ids, committedAt, found, then, descent, loaded);
    }

    private SyncState copy(
            long nextGeneration,
            BackfillProgress progress,
            Lsn lsn,
            List<String> ids,
            Optional<Instant> committedAt,
            Optional<Diverged> found,
            Optional<Definitions> then,
            Map<String, String> descent,
            Optional<LoadedDefinition> definition) {
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
                descent,
                definition);
    }
}
