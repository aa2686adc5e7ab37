package io.pgsync.runtime.reindex;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.elasticsearch.examination.SecondIndexRoom;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.doctor.ExaminedBootstrap;
import io.pgsync.runtime.setup.IdentityChoice;
import io.pgsync.runtime.source.Resources;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Creates the indexes that are to replace others, if there is room for them. */
record OtherIndexes(Resources resources) {
    Mono<Void> create(List<Placement> placements) {
        var room = new SecondIndexRoom(resources.engine());
        var choice =
                new IdentityChoice(ReplicaIdentityMode.KEEP, resources.config().insertOnly());
        return Flux.fromIterable(placements)
                .concatMap(placement -> room.lackFor(placement.index()))
                .concatMap(Mono::justOrEmpty)
                .collectList()
                .flatMap(lacks -> lacks.isEmpty()
                        ? Mono.<Void>empty()
                        : Mono.error(Preparation.stop(
                                "There is no room for a second index. %s Free space or add a node, then give the command again; nothing was created."
                                        .formatted(String.join(" ", lacks)))))
                .then(Mono.defer(() -> new ExaminedBootstrap(resources, choice).run()));
    }
}
