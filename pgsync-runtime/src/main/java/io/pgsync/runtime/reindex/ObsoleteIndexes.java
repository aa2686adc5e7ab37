package io.pgsync.runtime.reindex;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.SyncStateStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Deletes indexes that a reindex has left behind, with their states. No process may follow them. */
record ObsoleteIndexes(PlacementStore placements, SyncStateStore states, ReindexEngine engine) {
    private static final Logger log = LoggerFactory.getLogger(ObsoleteIndexes.class);

    Mono<Void> remove(StoredPlacement stored) {
        Placement placement = stored.placement();
        return Flux.fromIterable(placement.obsolete())
                .filter(index -> !placement.followed().contains(index))
                .concatMap(index -> engine.delete(index)
                        .then(states.delete(index))
                        .doOnSuccess(done -> log.info("Index {} is deleted", index)))
                .then(Mono.defer(() -> placements.replace(stored, placement.cleared())))
                .then();
    }
}
