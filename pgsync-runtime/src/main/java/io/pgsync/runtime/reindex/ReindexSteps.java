package io.pgsync.runtime.reindex;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.Soundness;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.source.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The next step of a reindex, as its placement says. The placement says first who is to have the alias, and the alias
 * follows; whoever finds the two different makes them equal. Both indexes are followed then, so either is right.
 */
final class ReindexSteps {
    private static final Logger log = LoggerFactory.getLogger(ReindexSteps.class);
    private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(30);

    private final PlacementStore placements;
    private final SyncStateStore states;
    private final ReindexEngine engine;
    private final BiFunction<Database, DocumentTree, Mono<Optional<String>>> objections;
    private final InstantSource clock;
    /** When the other index of a name was last found wrong. */
    private final Map<String, Instant> checked = new ConcurrentHashMap<>();

    /** {@code objections}: what is wrong with a loaded index. */
    ReindexSteps(
            PlacementStore placements,
            SyncStateStore states,
            ReindexEngine engine,
            BiFunction<Database, DocumentTree, Mono<Optional<String>>> objections,
            InstantSource clock) {
        this.placements = placements;
        this.states = states;
        this.engine = engine;
        this.objections = objections;
        this.clock = clock;
    }

    /** The caller has the slot of {@code database}, and follows what the placement says. */
    Mono<Void> next(StoredPlacement stored, Database database) {
        Placement placement = stored.placement();
        return aliased(placement)
                .then(Mono.defer(() -> removed(stored)))
                .then(Mono.defer(() -> placement.obsolete().isEmpty()
                        ? Mono.justOrEmpty(placement.reindex()).flatMap(reindex -> carriedOn(stored, reindex, database))
                        : Mono.empty()));
    }

    private Mono<Void> aliased(Placement placement) {
        // One that was not moved yet has the name itself, or is behind an alias that a person gave it.
        if (placement.index().equals(placement.name())) {
            return Mono.empty();
        }
        return engine.indexOf(placement.name())
                .flatMap(there -> there.filter(placement.index()::equals).isPresent()
                        ? Mono.empty()
                        : engine.give(placement.name(), placement.index())
                                .doOnSuccess(done ->
                                        log.info("{} stands for index {} now", placement.name(), placement.index())));
    }

    /** Nobody follows these indexes: a run that did would have begun again. */
    private Mono<Void> removed(StoredPlacement stored) {
        return stored.placement().obsolete().isEmpty()
                ? Mono.empty()
                : new ObsoleteIndexes(placements, states, engine).remove(stored);
    }

    private Mono<Void> carriedOn(StoredPlacement stored, Reindex reindex, Database database) {
        return switch (reindex.phase()) {
            case PREPARING, MOVING, ROLLED_BACK -> Mono.empty();
            case LOADING -> replacedIfRight(stored, reindex, database);
            case REPLACED -> endedIfDue(stored, reindex);
        };
    }

    private Mono<Void> endedIfDue(StoredPlacement stored, Reindex reindex) {
        Instant due = reindex.replaced().orElse(reindex.began()).plus(reindex.keep());
        return clock.instant().isBefore(due)
                ? Mono.empty()
                : placements
                        .replace(stored, stored.placement().ended())
                        .doOnNext(done -> log.info("Index {} was kept until now and is deleted", reindex.other()))
                        .then();
    }

    private Mono<Void> replacedIfRight(StoredPlacement stored, Reindex reindex, Database database) {
        return states.load(reindex.other()).flatMap(found -> {
            Optional<SyncState> state = found.map(StoredState::state);
            Optional<String> trouble = state.map(ReindexSteps::trouble)
                    .orElseGet(() ->
                            Optional.of(Soundness.withoutState(reindex.other()).what()));
            if (trouble.isPresent()) {
                return troubled(stored, trouble);
            }
            boolean isLoaded = state.filter(known -> known.backfill().isDone()).isPresent();
            return isLoaded && isDue(stored.placement().name()) ? checked(stored, reindex, database) : Mono.empty();
        });
    }

    private static Optional<String> trouble(SyncState state) {
        return state.diverged()
                .map(Diverged::toString)
                .or(() -> Soundness.of(state).map(Divergence::what))
                .or(() -> state.backfill().isRefusedWhole()
                        ? Optional.of("every one of its documents was refused")
                        : Optional.empty());
    }

    private boolean isDue(String name) {
        Instant last = checked.get(name);
        return last == null || !clock.instant().isBefore(last.plus(BETWEEN_CHECKS));
    }

    private Mono<Void> checked(StoredPlacement stored, Reindex reindex, Database database) {
        return Flux.fromIterable(database.trees())
                .filter(tree -> tree.index().equals(reindex.other()))
                .next()
                // A load writes without refreshing, and then the engine counts no document.
                .delayUntil(tree -> engine.refresh(tree.index()))
                .flatMap(tree -> objections.apply(database, tree))
                .defaultIfEmpty(Optional.of("its document does not fit its tables"))
                .flatMap(objection -> {
                    checked.put(stored.placement().name(), clock.instant());
                    return objection.isPresent() ? troubled(stored, objection) : replaced(stored, reindex);
                });
    }

    private Mono<Void> replaced(StoredPlacement stored, Reindex reindex) {
        Placement next = stored.placement().swapped(Phase.REPLACED, Optional.of(clock.instant()));
        return engine.ready(reindex.other())
                .then(Mono.defer(() -> placements.replace(stored, next)))
                .then(Mono.defer(() -> aliased(next)))
                .doOnSuccess(done -> log.info(
                        "Index {} has taken the place of {}, which is kept for {}",
                        next.index(),
                        stored.placement().index(),
                        reindex.keep()));
    }

    /** The former index goes on to serve. The command shows the reason, and so does the status. */
    private Mono<Void> troubled(StoredPlacement stored, Optional<String> why) {
        Placement next = stored.placement().troubled(why);
        if (next.equals(stored.placement())) {
            return Mono.empty();
        }
        log.warn(
                "Index {} does not take the place of {} yet: {}",
                next.reindex().map(Reindex::other).orElseThrow(),
                next.index(),
                why.orElse(""));
        return placements.replace(stored, next).then();
    }
}
