package io.pgsync.runtime.reindex;

import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Resources;
import io.pgsync.runtime.source.SlotHolder;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Whether another process follows the databases of documents, at each subscription; the databases are found out once. */
record SlotHolders(Mono<List<Database>> databases, Scheduler timer) {
    static SlotHolders of(Resources resources, List<String> names) {
        Mono<List<Database>> databases = resources
                .databases()
                .thatFit()
                .map(found -> found.stream()
                        .filter(database -> database.documentNames().stream().anyMatch(names::contains))
                        .toList())
                .cache();
        return new SlotHolders(databases, resources.timer());
    }

    Mono<Boolean> any() {
        return databases.flatMapMany(Flux::fromIterable).concatMap(this::isHeld).any(held -> held);
    }

    private Mono<Boolean> isHeld(Database database) {
        var slots = new ReplicationSlots(database.connections());
        return new SlotHolder(Mono.defer(() -> slots.describe(database.names().slot())), timer).isThere();
    }
}
