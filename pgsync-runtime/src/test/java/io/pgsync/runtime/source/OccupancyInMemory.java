package io.pgsync.runtime.source;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.TableName;
import io.pgsync.replication.slot.Publication;
import io.pgsync.replication.slot.Publication.Keeper;
import io.pgsync.replication.slot.Publication.Membership;
import io.pgsync.replication.slot.PublicationMark;
import io.pgsync.replication.slot.SlotStatus;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** Slots and publications of the server 42. */
final class OccupancyInMemory implements Occupancy {
    private final Map<String, PublicationMark> marks = new HashMap<>();
    private final Map<String, Publication> publications = new HashMap<>();
    private final Map<String, SlotStatus> slots = new HashMap<>();

    /** {@code pid}: of the process that reads it; 0 for none. */
    OccupancyInMemory slot(String name, int pid) {
        slots.put(
                name,
                new SlotStatus(
                        name,
                        "pgoutput",
                        "shop",
                        Optional.of(pid).filter(found -> found > 0),
                        Optional.of(new Lsn(5)),
                        Optional.of(new Lsn(10)),
                        "reserved",
                        Optional.empty(),
                        false));
        return this;
    }

    OccupancyInMemory mark(String publication, String slot, String... indexes) {
        marks.put(publication, new PublicationMark("shop", slot, Set.of(indexes)));
        return this;
    }

    OccupancyInMemory publication(String name, Keeper keeper, String... tables) {
        Map<TableName, Membership> members = Stream.of(tables)
                .collect(Collectors.toMap(
                        table -> new TableName("public", table), table -> new Membership(true, true, false)));
        publications.put(name, new Publication(name, true, keeper, true, members, Optional.empty()));
        return this;
    }

    @Override
    public Mono<Map<String, PublicationMark>> marks() {
        return Mono.just(marks);
    }

    @Override
    public Mono<Publication> publication(String name) {
        return Mono.fromSupplier(() -> publications.getOrDefault(
                name, new Publication(name, false, Keeper.US, false, Map.of(), Optional.empty())));
    }

    @Override
    public Mono<SlotStatus> slot(String name) {
        return Mono.justOrEmpty(slots.get(name));
    }

    @Override
    public Mono<String> systemIdentifier() {
        return Mono.just("42");
    }
}
