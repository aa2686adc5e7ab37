package io.pgsync.runtime.reindex;

import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.refusal.RefusalStore;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * Moves an index that bears the name of its document behind an alias of that name, so that another index can take its
 * place. Must run while no process follows the index. Every step may be repeated, so it goes on after a crash.
 */
final class MoveBehindAlias {
    private static final Logger log = LoggerFactory.getLogger(MoveBehindAlias.class);

    private final ReindexEngine engine;
    private final PlacementStore placements;
    private final SyncStateStore states;
    private final RefusalStore refusals;

    MoveBehindAlias(ReindexEngine engine, PlacementStore placements, SyncStateStore states, RefusalStore refusals) {
        this.engine = engine;
        this.placements = placements;
        this.states = states;
        this.refusals = refusals;
    }

    static boolean isDue(Placement placement) {
        return placement.reindex().filter(now -> now.phase() == Phase.MOVING).isPresent();
    }

    /** The name that the index gets if it has none of its own yet: the number before that of the other index. */
    static String cloneOf(Placement placement) {
        String other = placement.reindex().map(Reindex::other).orElseThrow();
        int dash = other.lastIndexOf('-');
        return other.substring(0, dash + 1) + (Integer.parseInt(other.substring(dash + 1)) - 1);
    }

    /** Completes when the placement tells the new name of the index. */
    Mono<Void> run(StoredPlacement stored) {
        Placement placement = stored.placement();
        String name = placement.name();
        String clone = cloneOf(placement);
        return engine.indexOf(name)
                .flatMap(found -> found.map(Mono::just)
                        .orElseGet(
                                () -> Mono.error(new GapException(name, "it was deleted while it was to be moved."))))
                .flatMap(there -> there.equals(name)
                        ? engine.copy(name, clone)
                                .then(stated(name, clone))
                                .then(Mono.defer(() -> engine.replace(name, clone)))
                                .thenReturn(clone)
                        : stated(name, there).thenReturn(there))
                .flatMap(moved -> placements
                        .replace(stored, placement.moved(moved))
                        .then(Mono.defer(() -> states.delete(name)))
                        .doOnSuccess(done -> log.info("Index {} is {} now, behind an alias", name, moved)));
    }

    /** The state under the new name, before the old index is gone: a crash in between finds one of them. */
    private Mono<Void> stated(String index, String moved) {
        return states.load(index).zipWith(states.load(moved)).flatMap(found -> {
            if (found.getT1().isEmpty()) {
                return found.getT2().isPresent()
                        ? Mono.<Void>empty()
                        : Mono.<Void>error(new GapException(Soundness.withoutState(index)));
            }
            SyncState state = found.getT1().get().state();
            return named(state, moved)
                    .flatMap(next -> write(next, found.getT2()))
                    .then(Mono.defer(() -> records(index, moved)));
        });
    }

    private Mono<SyncState> named(SyncState state, String moved) {
        return Mono.zip(engine.uuid(moved), engine.histories(moved))
                .map(found -> state.movedTo(moved, found.getT1(), found.getT2()));
    }

    private Mono<Void> write(SyncState next, Optional<StoredState> there) {
        return there.map(known -> states.replace(known, next))
                .orElseGet(() -> states.create(next))
                .then();
    }

    private Mono<Void> records(String index, String moved) {
        return Mono.zip(refusals.refusals(index), refusals.refusals(moved))
                .filter(found -> !found.getT1().value().isEmpty())
                .flatMap(found -> refusals.replaceRefusals(
                        moved, found.getT2(), found.getT1().value()))
                .then();
    }
}
