package io.pgsync.core.pipeline;

import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Relation;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Effect;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaWatch;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

/**
 * Notices that documents part from their tables, and has the states tell of it; the next run then follows what is left to follow. Not the
 * announced form of a table decides but the catalogue, since documents are read from the tables as they are now.
 */
final class Divergences {
    /** Not every ALTER TABLE is followed by a change that would announce it. */
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final int MOST_CONFLICTS = 5;

    private final SchemaWatch schema;
    private final SyncStateStore states;
    private final Claim claim;
    private final Map<Integer, Relation> announced = new HashMap<>();

    Divergences(SchemaWatch schema, SyncStateStore states, Claim claim) {
        this.schema = schema;
        this.states = states;
        this.claim = claim;
    }

    /** Fails if a table that {@code window} announces does not fit any more. To be called behind its fence, one window after another. */
    Mono<Void> announcedBy(ChangeWindow window) {
        return Mono.defer(() -> isNews(window) ? look() : Mono.empty());
    }

    /** The first form of a table is looked at too: it may have changed since the trees were built. */
    private boolean isNews(ChangeWindow window) {
        boolean news = false;
        for (var change : window.changes()) {
            if (change instanceof RelationDescribed described) {
                Relation relation = described.relation();
                news |= !relation.equals(announced.put(relation.oid(), relation));
            }
        }
        return news;
    }

    /** Only ever fails. */
    <T> Flux<T> nowAndThen(Scheduler timer) {
        return Flux.interval(INTERVAL, timer).onBackpressureDrop().concatMap(tick -> look().then(Mono.<T>empty()), 1);
    }

    private Mono<Void> look() {
        return schema.drifts(claim.trees())
                .collectList()
                .flatMap(found -> found.isEmpty() ? Mono.empty() : Mono.error(new DivergenceException(found)));
    }

    /** Always an error: that of a run, or, if documents parted from their tables, one that starts the next run with what is left. */
    <T> Mono<T> after(Throwable failure) {
        if (failure instanceof DivergenceException found) {
            return recorded(found);
        }
        if (failure instanceof GapException gap) {
            return recorded(gap.divergence())
                    // Without a record too the next start may see it; this one must end with what it knows.
                    .onErrorResume(SyncException.class, unrecorded -> Mono.empty())
                    .then(Mono.error(failure));
        }
        boolean refused = failure instanceof SyncException known && known.remedy() == Remedy.STOP;
        return refused
                ? look().onErrorResume(DivergenceException.class, this::recorded)
                        .then(Mono.error(failure))
                : Mono.error(failure);
    }

    private <T> Mono<T> recorded(DivergenceException found) {
        return Flux.fromIterable(found.divergences())
                .concatMap(this::recorded)
                .then(Mono.error(() -> afterRecord(found)));
    }

    private static SyncException afterRecord(DivergenceException found) {
        return found.divergences().stream()
                .filter(one -> one.kind().effect() == Effect.ENDS)
                .findFirst()
                .<SyncException>map(one -> new GapException(one.kind(), one.index(), one.what() + "."))
                .orElse(found);
    }

    private Mono<StoredState> recorded(Divergence found) {
        return states.load(found.index())
                .flatMap(Mono::justOrEmpty)
                .flatMap(stored -> record(stored, found))
                // The last write of the run that has just ended may come between.
                .retryWhen(Retry.max(MOST_CONFLICTS)
                        .filter(StateConflictException.class::isInstance)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()));
    }

    private Mono<StoredState> record(StoredState stored, Divergence found) {
        SyncState state = stored.state();
        Diverged now = Diverged.at(state.stored(), found.kind(), found.what());
        return state.generation() == claim.generation()
                ? states.replace(
                        stored,
                        state.withDiverged(
                                state.diverged().map(known -> known.and(now)).orElse(now)))
                : Mono.error(new StateConflictException(state.index()));
    }
}
