package io.pgsync.runtime.reindex;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.PlacementStore;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.elasticsearch.examination.SecondIndexRoom;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.doctor.ExaminedBootstrap;
import io.pgsync.runtime.placement.PlacedSchema;
import io.pgsync.runtime.setup.SourceChoice;
import io.pgsync.runtime.source.Resources;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Creates the indexes that are to replace others, as a bootstrap creates those of new documents. */
record OtherIndexes(PgsyncConfig config) {
    /** Afterwards they are followed. If they cannot be created whole, nothing is left of them. */
    Mono<Void> create(List<Placement> prepared) {
        return prepared.isEmpty()
                ? Mono.empty()
                : followingBoth(prepared)
                        .flatMap(placed -> Resources.with(
                                config,
                                placed,
                                resources -> created(resources, prepared)
                                        .onErrorResume(failure -> givenUp(resources, prepared)
                                                .onErrorComplete()
                                                .then(Mono.error(failure)))));
    }

    /** The schema file as it is followed when both indexes are there. */
    private Mono<PlacedSchema> followingBoth(List<Placement> prepared) {
        List<Placement> loading =
                prepared.stream().map(placement -> placement.in(Phase.LOADING)).toList();
        return Resources.during(config, resources -> Mono.just(resources.placed()))
                .map(placed -> placed.with(config.schema(), config.variables(), loading));
    }

    private Mono<Void> created(Resources resources, List<Placement> prepared) {
        var choice = SourceChoice.of(ReplicaIdentityMode.KEEP, config);
        return hasRoom(resources, prepared)
                .then(Mono.defer(() -> new ExaminedBootstrap(resources, choice).run()))
                .thenMany(Flux.fromIterable(prepared))
                .concatMap(placement -> handOver(resources.placements(), placement.name()))
                .then();
    }

    private static Mono<Void> hasRoom(Resources resources, List<Placement> prepared) {
        var room = new SecondIndexRoom(resources.engine());
        return Flux.fromIterable(prepared)
                .concatMap(placement -> room.lackFor(placement.index()))
                .concatMap(Mono::justOrEmpty)
                .collectList()
                .flatMap(lacks -> lacks.isEmpty()
                        ? Mono.empty()
                        : Mono.error(Preparation.stop(
                                "There is no room for a second index. %s Free space or add a node, then give the command again; nothing was created."
                                        .formatted(String.join(" ", lacks)))));
    }

    /** From now on, the process that follows goes on with it. */
    private static Mono<StoredPlacement> handOver(PlacementStore placements, String name) {
        return placements.update(
                name,
                placement -> placement
                        .reindex()
                        .filter(now -> now.phase() == Phase.PREPARING)
                        .map(now -> placement.in(placement.index().equals(name) ? Phase.MOVING : Phase.LOADING)));
    }

    /** Nobody follows what could not be created whole. */
    private static Mono<Void> givenUp(Resources resources, List<Placement> prepared) {
        var engine = new ReindexEngine.Cluster(resources.engine());
        var ended = new EndedReindexes(resources.placements(), resources.states(), engine);
        return resources
                .placements()
                .load(prepared.stream().map(Placement::name).toList())
                .flatMapMany(Flux::fromIterable)
                .filter(stored -> stored.placement()
                        .reindex()
                        .filter(now -> now.phase() == Phase.PREPARING)
                        .isPresent())
                .concatMap(ended::aborted)
                .concatMap(stored ->
                        new ObsoleteIndexes(resources.placements(), resources.states(), engine).remove(stored))
                .then();
    }
}
