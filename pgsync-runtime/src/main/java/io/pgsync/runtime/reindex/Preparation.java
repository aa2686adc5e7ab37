package io.pgsync.runtime.reindex;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.placement.EntryDefinition;
import io.pgsync.runtime.placement.Placements;
import io.pgsync.runtime.source.FollowedState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import reactor.core.publisher.Mono;

/**
 * Reserves the name of another index for a document before anything is created. Of two operators, the second finds what
 * the first has reserved.
 */
final class Preparation {
    private final PlacementStore placements;
    private final SyncStateStore states;
    private final Placements names;
    private final Duration keep;
    private final InstantSource clock;

    Preparation(
            PlacementStore placements, SyncStateStore states, Placements names, Duration keep, InstantSource clock) {
        this.placements = placements;
        this.states = states;
        this.names = names;
        this.keep = keep;
        this.clock = clock;
    }

    /** {@code entry}: that of the schema file. Fails with STOP if the document cannot be reindexed now. */
    Mono<StoredPlacement> of(String name, ObjectNode entry) {
        JsonNode wanted = EntryDefinition.whole(entry);
        return placements
                .load(name)
                .flatMap(found -> found.filter(
                                stored -> stored.placement().reindex().isPresent())
                        .map(stored -> joined(stored, wanted))
                        .orElseGet(() -> reserved(found, name, wanted)));
    }

    /** A reindex with the same definition is taken up, wherever it was left. */
    private Mono<StoredPlacement> joined(StoredPlacement stored, JsonNode wanted) {
        Placement placement = stored.placement();
        Reindex now = placement.reindex().orElseThrow();
        if (now.phase() == Phase.REPLACED) {
            return wanted.equals(placement.definitions().get(placement.index()))
                    ? Mono.just(stored)
                    : Mono.error(stop(
                            "The former index \"%s\" of \"%s\" is still kept. End that reindex first: finish it, or roll it back and abort it."
                                    .formatted(now.other(), placement.name())));
        }
        if (!wanted.equals(placement.definitions().get(now.other()))) {
            return Mono.error(stop(
                    "A reindex of \"%s\" with another definition began at %s: index \"%s\" is being loaded. The schema file was changed since then, or somebody else is at work. Abort that reindex, or go on with its file."
                            .formatted(placement.name(), now.began(), now.other())));
        }
        return now.phase() == Phase.ROLLED_BACK
                ? placements.replace(stored, placement.in(Phase.LOADING))
                : Mono.just(stored);
    }

    private Mono<StoredPlacement> reserved(Optional<StoredPlacement> found, String name, JsonNode wanted) {
        String index = found.map(stored -> stored.placement().index()).orElse(name);
        return states.load(index)
                .map(stored -> stored.map(StoredState::state)
                        .orElseThrow(() ->
                                stop("Index \"%s\" was not loaded by pgsync. Run bootstrap, which creates and loads it."
                                        .formatted(index))))
                .doOnNext(FollowedState::require)
                .flatMap(state -> other(name, index).flatMap(other -> {
                    Placement placement = found.map(StoredPlacement::placement)
                            .orElseGet(() -> Placement.of(name, name))
                            .with(begun(other), Map.of(index, definitionOf(state), other, wanted));
                    return found.map(stored -> placements.replace(stored, placement))
                            .orElseGet(() -> placements.create(placement));
                }))
                .onErrorMap(
                        StateConflictException.class,
                        conflict -> stop("Somebody else has begun a reindex of \"%s\" just now.".formatted(name)));
    }

    private static JsonNode definitionOf(SyncState state) {
        return state.loaded()
                .orElseThrow(() -> stop(
                        "The definition with which index \"%s\" was loaded is not known: an earlier version loaded it. Load it once more with the schema file that it has now (backfill), then reindex it with the changed one."
                                .formatted(state.index())))
                .document();
    }

    /** An index that has the name of its document needs a number for itself as well. */
    private Mono<String> other(String name, String index) {
        return index.equals(name)
                ? names.next(name, 1, Set.of()).flatMap(own -> names.next(name, number(own) + 1, Set.of()))
                : names.next(name, index.matches(".*-\\d{1,8}") ? number(index) + 1 : 1, Set.of());
    }

    private static int number(String index) {
        return Integer.parseInt(index.substring(index.lastIndexOf('-') + 1));
    }

    private Reindex begun(String other) {
        return new Reindex(
                other,
                Phase.PREPARING,
                UUID.randomUUID().toString(),
                clock.instant(),
                keep,
                Optional.empty(),
                Optional.empty());
    }

    static SyncException stop(String message) {
        return new SyncException(Remedy.STOP, message);
    }
}
