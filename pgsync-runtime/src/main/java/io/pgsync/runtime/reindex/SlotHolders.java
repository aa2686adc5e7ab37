package io.pgsync.runtime.reindex;

import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.source.SlotHolder;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Whether another process follows the databases of documents. */
record SlotHolders(Resources resources) {
    Mono<Boolean> any(List<String> names) {
        return resources
                .databases()
                .thatFit()
                .flatMapMany(Flux::fromIterable)
                .filter(database ->
                        database.indexes().stream().map(database::documentOf).anyMatch(names::contains))
                .concatMap(this::isHeld)
                .any(held -> held);
    }

    private Mono<Boolean> isHeld(Database database) {
        var slots = new ReplicationSlots(database.connections());
        return new SlotHolder(Mono.defer(() -> slots.describe(database.names().slot())), resources.timer()).isThere();
    }
}
