package io.pgsync.cli.run;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.ServerIdentity;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.replication.slot.Publications;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.slot.SlotStatus;
import java.util.ArrayList;
import java.util.List;
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
        Set<TableName> tables = PublishedTables.of(database.trees());
        // The publication before the slot: its stream knows only publications that are older than its position.
        return new Preflight(database.connections())
                .check(database.stream(), tables)
                .doOnNext(this::judge)
                .flatMap(findings -> publications.ensure(database.names().publication(), tables))
                .flatMap(newTables -> slotPosition(newTables.equals(tables))
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

    /** Warnings are shown; problems end the run together, before anything is made. */
    private void judge(List<Finding> findings) {
        List<String> problems = new ArrayList<>();
        for (Finding finding : findings) {
            if (finding.severity() == Severity.PROBLEM) {
                problems.add("  " + finding);
            } else {
                log.warn("{}", finding);
            }
        }
        if (!problems.isEmpty()) {
            String place = database.connections().settings().address();
            throw new SyncException(
                    Remedy.STOP, "PostgreSQL at " + place + " is not ready:\n" + String.join("\n", problems));
        }
    }

    private Mono<Lsn> slotPosition(boolean isNewPublication) {
        return slots.describe(slot)
                .flatMap(found -> positionOf(found, isNewPublication))
                .switchIfEmpty(Mono.defer(() -> slots.create(slot)));
    }

    private Mono<Lsn> positionOf(SlotStatus found, boolean isNewPublication) {
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
        if (isNewPublication) {
            log.warn("Replication slot {} is older than its publication, and is created anew", slot);
            return slots.drop(slot).then(slots.create(slot));
        }
        return Mono.just(found.confirmedFlushLsn().get());
    }
}
