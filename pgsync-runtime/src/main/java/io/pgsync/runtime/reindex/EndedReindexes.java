package io.pgsync.runtime.reindex;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.runtime.source.FollowedState;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Takes a reindex back, or ends it. Each changes the placement in one write; the indexes follow. */
record EndedReindexes(PlacementStore placements, SyncStateStore states, ReindexEngine engine) {
    /** The former index takes its place back; both are followed on. */
    Mono<StoredPlacement> rolledBack(StoredPlacement stored) {
        Placement placement = stored.placement();
        Reindex now = required(placement);
        if (now.phase() == Phase.ROLLED_BACK) {
            return Mono.just(stored);
        }
        if (now.phase() != Phase.REPLACED) {
            return Mono.error(Preparation.stop(
                    "Index \"%s\" has not taken the place of \"%s\" yet, so there is nothing to roll back. To give it up, abort the reindex."
                            .formatted(now.other(), placement.index())));
        }
        return sound(now.other())
                .then(Mono.defer(
                        () -> placements.replace(stored, placement.swapped(Phase.ROLLED_BACK, Optional.empty()))))
                .delayUntil(done -> engine.ready(done.placement().index())
                        .then(engine.give(placement.name(), done.placement().index())));
    }

    /** Fails if the index is gone, or may have missed changes. */
    private Mono<Void> sound(String index) {
        return states.load(index)
                .doOnNext(found ->
                        FollowedState.require(found.orElseThrow(() -> new GapException(Soundness.withoutState(index)))
                                .state()))
                .then(engine.uuid(index)
                        .switchIfEmpty(Mono.error(() -> Preparation.stop(
                                "Index \"%s\" was deleted, so it cannot take its place back.".formatted(index)))))
                .then();
    }

    /** The former index is not followed any more. */
    Mono<StoredPlacement> finished(StoredPlacement stored) {
        Placement placement = stored.placement();
        Reindex now = required(placement);
        return now.phase() == Phase.REPLACED
                ? placements.replace(stored, placement.ended())
                : Mono.error(Preparation.stop(
                        "Index \"%s\" has not taken the place of \"%s\". To give it up, abort the reindex."
                                .formatted(now.other(), placement.index())));
    }

    /** The other index is not followed any more. */
    Mono<StoredPlacement> aborted(StoredPlacement stored) {
        Placement placement = stored.placement();
        Reindex now = required(placement);
        if (now.phase() == Phase.REPLACED) {
            return Mono.error(
                    Preparation.stop("Index \"%s\" has taken the place of \"%s\" already. Roll the reindex back first."
                            .formatted(placement.index(), now.other())));
        }
        return MoveBehindAlias.isDue(placement)
                ? Mono.error(Preparation.stop(
                        "Index \"%s\" is being moved behind an alias just now. Try again when a process that follows it has done that."
                                .formatted(placement.index())))
                : placements.replace(stored, placement.ended());
    }

    private static Reindex required(Placement placement) {
        return placement
                .reindex()
                .orElseThrow(() -> Preparation.stop("No reindex of \"%s\" is under way.".formatted(placement.name())));
    }
}
