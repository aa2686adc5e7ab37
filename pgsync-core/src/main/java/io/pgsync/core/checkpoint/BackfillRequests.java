package io.pgsync.core.checkpoint;

import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;
import reactor.util.retry.RetryBackoffSpec;

/**
 * Requests a load of an index by writing it to the index's state, whatever process owns the index. The owner finds the
 * request when it next writes the state, or at its next start; the request outlives both processes.
 */
public final class BackfillRequests {
    private static final int MOST_CONFLICTS = 20;
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final SyncStateStore states;
    private final RetryBackoffSpec tries;

    /** After a conflict with another writer of the state it tries again, with pauses on {@code timer}. */
    public BackfillRequests(SyncStateStore states, Scheduler timer) {
        this.states = states;
        // The owner writes the same document, twice a second when it is busy.
        this.tries =
                Retry.backoff(MOST_CONFLICTS, PAUSE).maxBackoff(LONGEST_PAUSE).scheduler(timer);
    }

    /**
     * Requests a load of the whole index, or of the roots that match {@code where}; gives the load to be done. If a
     * load of the whole index is under way, another one makes it start over. A request for a part is included in it at
     * its start; later it fails, because the load may have passed the part already. If a load of a part is under way,
     * it grows to both parts.
     */
    public Mono<BackfillProgress> ask(String index, Optional<String> where) {
        return states.update(index, state -> asked(state, where), tries)
                .switchIfEmpty(Mono.error(() -> new GapException(Soundness.withoutState(index))))
                .map(stored -> stored.state().backfill());
    }

    /**
     * Requests a load of the whole index, which from then on counts as loaded with this definition. Both are written at
     * once: the load begins anew, so no document is left as an earlier definition made it. A definition of another
     * fingerprint is not taken: who loads has started with that of the state, and must not start with this one.
     */
    public Mono<BackfillProgress> askWhole(String index, String fingerprint, LoadedDefinition definition) {
        return states.update(
                        index,
                        state -> asked(state, Optional.empty())
                                .map(asked -> asked.schemaFingerprint().equals(fingerprint)
                                        ? asked.withLoaded(definition)
                                        : asked),
                        tries)
                .switchIfEmpty(Mono.error(() -> new GapException(Soundness.withoutState(index))))
                .map(stored -> stored.state().backfill());
    }

    /**
     * The same for the documents with these ids, at most {@link BackfillProgress#MOST_IDS}; those without a root are
     * removed. If a load of a part is under way, these documents come first.
     */
    public Mono<BackfillProgress> askFor(String index, List<String> ids) {
        return states.update(index, state -> named(state, ids), tries)
                .switchIfEmpty(Mono.error(() -> new GapException(Soundness.withoutState(index))))
                .map(stored -> stored.state().backfill());
    }

    private static Mono<SyncState> named(SyncState state, List<String> ids) {
        BackfillProgress now = state.backfill();
        if (state.isSetAside()) {
            return Mono.error(setAside(state));
        }
        // It may have passed their roots, and need not remove what has none.
        if (now.isWholeUnderWay()) {
            return Mono.error(loadedAsAWhole(state));
        }
        List<String> all =
                Stream.concat(pendingIds(now).stream(), ids.stream()).distinct().toList();
        if (all.size() > BackfillProgress.MOST_IDS) {
            return Mono.error(new SyncException(
                    Remedy.RETRY,
                    "%,d documents of index \"%s\" are being loaded already. Ask for more when that is done."
                            .formatted(now.ids().size(), state.index())));
        }
        return Mono.just(state.withBackfill(
                now.phase() == Phase.LOADING
                        ? now.withIds(all)
                        : BackfillProgress.startIds(all).atRate(now.perSecond()).with(now.partitions())));
    }

    private static List<String> pendingIds(BackfillProgress now) {
        return now.isDone() ? List.of() : now.ids();
    }

    private static SyncException setAside(SyncState state) {
        return new SyncException(
                Remedy.STOP, state.diverged().orElseThrow().advice(state.index(), "pgsync backfill") + ".");
    }

    private static SyncException loadedAsAWhole(SyncState state) {
        return new SyncException(
                Remedy.RETRY,
                "Index \"%s\" is being loaded as a whole, %,d documents so far. Ask for a part when that is done."
                        .formatted(state.index(), state.backfill().documents()));
    }

    private static Mono<SyncState> asked(SyncState state, Optional<String> where) {
        if (state.isSetAside()) {
            return Mono.error(setAside(state));
        }
        BackfillProgress now = state.backfill();
        boolean partOfWhole = now.isWholeUnderWay() && where.isPresent();
        if (partOfWhole && now.lastKey().isPresent()) {
            return Mono.error(loadedAsAWhole(state));
        }
        // Written even if nothing changes: the owner may be ahead of what the state says, and must start over.
        BackfillProgress next = partOfWhole
                ? now
                : where.map(condition -> BackfillProgress.startWhere(withPending(now, condition))
                                .withIds(pendingIds(now))
                                .atRate(now.perSecond())
                                .with(now.partitions()))
                        .orElseGet(() -> BackfillProgress.start(true));
        SyncState asked = state.withBackfill(next);
        return Mono.just(where.isPresent() ? asked : asked.mended());
    }

    /** A part that is not yet loaded is kept beside the new one. */
    private static String withPending(BackfillProgress now, String condition) {
        return now.where()
                .filter(pending -> now.phase() == Phase.LOADING && !pending.equals(condition))
                .map(pending -> "(" + pending + "\n) OR (" + condition + "\n)")
                .orElse(condition);
    }
}
