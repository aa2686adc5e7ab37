package io.pgsync.core.pipeline;

import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.checkpoint.PartitionLoad;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Records divergences in the states of indexes, as long as {@code generation} owns them. */
record DivergenceRecord(SyncStateStore states, long generation) {
    /** One after the other. */
    Mono<Void> all(Iterable<Divergence> found) {
        return Flux.fromIterable(found)
                .concatMap(one -> one(one, Optional.empty()))
                .then();
    }

    /** {@code now}: definitions to keep from now on, so that their change is reported once. */
    Mono<StoredState> one(Divergence found, Optional<Definitions> now) {
        // The last write of the run that has just ended may conflict.
        return states.update(found.index(), state -> telling(state, found, now));
    }

    /** Asks for a load because of partitions; {@code now}: definitions to keep, so that it is asked for once. */
    Mono<StoredState> load(String index, PartitionLoad load, Definitions now) {
        return states.update(
                index,
                state -> owned(
                        state.withDefinitions(now).withBackfill(state.backfill().and(load))));
    }

    private Mono<SyncState> telling(SyncState state, Divergence found, Optional<Definitions> now) {
        Diverged seen = Diverged.at(state.stored(), found.kind(), found.what());
        SyncState next = state.withAlso(seen);
        return owned(now.map(next::withDefinitions).orElse(next));
    }

    private Mono<SyncState> owned(SyncState next) {
        return next.generation() == generation ? Mono.just(next) : Mono.error(new StateConflictException(next.index()));
    }
}
