package io.pgsync.cli.run;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.ServerIdentity;
import io.pgsync.replication.slot.Publications;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.slot.SlotStatus;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** The part of bootstrap that concerns one database: its publication and its slot. A sound slot is never touched. */
final class SourceSetup {
    private static final Logger log = LoggerFactory.getLogger(SourceSetup.class);

    private final Database database;
    private final String slot;
    private final Publications publications;
    private final ReplicationSlots slots;

    SourceSetup(Database database) {
        this.database = database;
        this.slot = database.names().slot();
        this.publications = new Publications(database.connections());
        this.slots = new ReplicationSlots(database.connections());
    }

    /**
     * What a load has to know of its source.
     *
     * @param position where the stream would begin
     * @param newTables tables whose changes were not published until now
     */
    record Prepared(SourcePosition position, Set<TableName> newTables) {}

    Mono<Prepared> prepare() {
        // The publication first: the stream of a slot knows only publications that are older than its position.
        return publications
                .ensure(database.names().publication(), PublishedTables.of(database.trees()))
                .flatMap(newTables -> slotPosition()
                        .zipWith(ServerIdentity.read(database.connections()))
                        .map(found -> new Prepared(
                                new SourcePosition(found.getT2().source(slot), found.getT1()), newTables)));
    }

    Mono<Void> tearDown() {
        return slots.drop(slot)
                .then(publications.drop(database.names().publication()))
                .doOnSuccess(done -> log.info(
                        "Removed slot {} and publication {}",
                        slot,
                        database.names().publication()));
    }

    private Mono<Lsn> slotPosition() {
        return slots.describe(slot).flatMap(this::positionOf).switchIfEmpty(Mono.defer(() -> slots.create(slot)));
    }

    private Mono<Lsn> positionOf(SlotStatus found) {
        if (!found.plugin().equals("pgoutput") || !found.database().equals(database.name()) || found.twoPhase()) {
            return Mono.error(new SyncException(
                    Remedy.STOP,
                    "The replication slot \"%s\" is somebody else's: plugin %s, database %s%s. Set PGSYNC_SLOT to another name."
                            .formatted(slot, found.plugin(), found.database(), found.twoPhase() ? ", two-phase" : "")));
        }
        if (found.isLost() || found.confirmedFlushLsn().isEmpty()) {
            log.warn("Replication slot {} lost changes that it should have kept, and is created anew", slot);
            return slots.drop(slot).then(slots.create(slot));
        }
        return Mono.just(found.confirmedFlushLsn().get());
    }
}
