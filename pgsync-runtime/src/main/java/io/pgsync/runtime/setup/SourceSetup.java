package io.pgsync.runtime.setup;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.slot.Publication;
import io.pgsync.replication.slot.PublicationMark;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.LinkedTables;
import io.pgsync.runtime.source.PublishedTables;
import io.pgsync.runtime.source.SlotNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * The part of bootstrap that concerns one database: replica identities, then the publication, then the slot. Before a
 * step that could make statements of others fail, it proves that it cannot. A sound slot is never touched.
 */
final class SourceSetup {
    private static final Logger log = LoggerFactory.getLogger(SourceSetup.class);

    private final Database database;
    private final SourceChoice choice;
    private final Made made;
    private final String slot;
    private final SourceServer server;

    /** {@code made} collects what is created here, to be removed if a later step fails. */
    SourceSetup(Database database, SourceServer server, SourceChoice choice, Made made) {
        this.database = database;
        this.server = server;
        this.choice = choice;
        this.made = made;
        this.slot = database.names().slot();
    }

    /**
     * What a load must know about its source.
     *
     * @param position where the stream would begin
     * @param owed the same with the position that an index must have reached
     * @param settled completes when a load may start: it then sees what transactions did before their tables were
     *     published
     */
    record Prepared(SourcePosition position, SourcePosition owed, Mono<Void> settled) {
        Prepared(SourcePosition position, Mono<Void> settled) {
            this(position, position, settled);
        }

        Prepared at(SourcePosition later) {
            return new Prepared(later, settled);
        }

        Prepared owing(Lsn reached) {
            return new Prepared(position, position.withConfirmed(reached), settled);
        }
    }

    /**
     * Called before tables are published of whose changes some or all are missing; {@code now} is the end of the log.
     */
    interface Unpublished {
        Mono<Void> found(Set<TableName> tables, Lsn now);
    }

    /**
     * {@code isYounger}: the publication was created after changes that the slot must still stream. The server looks
     * for it as of those changes and does not find it, so the slot can never stream them.
     */
    private record Found(
            Publication publication, boolean isYounger, Optional<SlotStatus> slot, ServerIdentity server) {}

    /**
     * Reports the tables that somebody else's publication leaves out now. Only its owner can add them; once they are
     * added, nothing shows that changes are missing. Must be called before {@link #check()}, which then fails.
     */
    Mono<Void> tellWhatOthersLeaveOut(Unpublished unpublished) {
        return server.publication(database.names().publication())
                .filter(now -> !now.isKeptByUs())
                .map(now ->
                        now.unpublished(PublishedTables.of(database.trees())).keySet())
                .filter(missing -> !missing.isEmpty())
                .flatMap(missing -> server.identity().flatMap(found -> unpublished.found(missing, found.currentLsn())));
    }

    /** Changes nothing; fails with STOP if the server, or somebody else's slot, does not allow a bootstrap. */
    Mono<Void> check() {
        Set<TableName> excused = choice.excused(PublishedTables.of(database.trees()));
        return server.check(database.stream(), PublishedTables.wanted(database.trees()), excused)
                .doOnNext(this::judge)
                .then(Mono.defer(this::requireOwnSlot));
    }

    /**
     * The part of {@link #check()} that an examination of the server leaves out: a slot of that name may belong to
     * somebody else.
     */
    Mono<Void> requireOwnSlot() {
        return server.slot(slot).doOnNext(this::requireOurs).then();
    }

    /** Must be called after {@link #requireOwnSlot()}. */
    Mono<Prepared> prepare(Unpublished unpublished) {
        return Mono.zip(
                        server.publication(database.names().publication()),
                        server.slot(slot).map(Optional::of).defaultIfEmpty(Optional.empty()),
                        server.identity())
                .flatMap(found -> isYounger(found.getT1(), found.getT2())
                        .map(younger -> new Found(found.getT1(), younger, found.getT2(), found.getT3())))
                .flatMap(found -> server.settleIdentities(choice.identities(), LinkedTables.of(database.trees()))
                        .then(Mono.defer(() -> publish(found, unpublished)))
                        .then(Mono.defer(() -> position(found))));
    }

    private Mono<Void> publish(Found found, Unpublished unpublished) {
        Set<TableName> tables = PublishedTables.of(database.trees());
        Publication now = found.publication();
        var mark = new PublicationMark(database.name(), slot, Set.copyOf(database.documentNames()));
        if (!now.isKeptByUs()) {
            return server.publish(now, tables, choice.insertOnly(), mark).then(makeRoom(found));
        }
        Set<TableName> joining = now.unpublished(tables).keySet();
        Set<TableName> kept = new TreeSet<>(tables);
        kept.addAll(neededElsewhere(found));
        Set<TableName> unproven = new TreeSet<>(kept);
        unproven.removeAll(tables);
        unproven.addAll(choice.insertOnly());
        return (joining.isEmpty()
                        ? Mono.<Void>empty()
                        : unpublished.found(joining, found.server().currentLsn()))
                .then(makeRoom(found))
                .then(server.publish(now, kept, unproven, mark))
                .doOnSuccess(done -> {
                    if (!now.exists()) {
                        made.add("publication " + now.name(), server.dropPublication(now.name()));
                    }
                });
    }

    /**
     * Tables of documents that are no longer in this file, while a running process may still follow them. A later
     * bootstrap removes them.
     */
    private static Set<TableName> neededElsewhere(Found found) {
        return found.slot().filter(SlotStatus::isActive).isPresent()
                ? found.publication().listed()
                : Set.of();
    }

    private Mono<Prepared> position(Found found) {
        Mono<Lsn> position = isUsable(found)
                ? Mono.justOrEmpty(found.slot().flatMap(this::kept))
                : server.createSlot(slot, choice.failover())
                        .doOnNext(start -> made.add("replication slot " + slot, server.dropSlot(slot)));
        // The creation of a slot has waited for all transactions anyway.
        Mono<Void> settled = isUsable(found) ? server.untilRunningEnd().cache() : Mono.empty();
        boolean isSynced =
                isUsable(found) && found.slot().filter(SlotStatus::synced).isPresent();
        return position.flatMap(confirmed -> at(confirmed, isSynced)).map(begin -> new Prepared(begin, settled));
    }

    private Optional<Lsn> kept(SlotStatus status) {
        if (choice.failover() && !status.failover()) {
            log.warn(
                    "Replication slot {} stays as it is, and is no fail-over slot. To make it one, stop pgsync and run"
                            + " psql \"dbname={} replication=database\" -c 'ALTER_REPLICATION_SLOT {} (FAILOVER true)'",
                    slot,
                    database.name(),
                    slot);
        }
        return status.confirmedFlushLsn();
    }

    /** {@code earlier} with the current end of the log, which is after everything that is stored. */
    Mono<Prepared> now(Prepared earlier) {
        return at(earlier.position().confirmed(), earlier.position().isHandedOn())
                .map(earlier::at);
    }

    private Mono<SourcePosition> at(Lsn confirmed, boolean isSynced) {
        return server.identity().map(found -> found.position(slot, confirmed, isSynced));
    }

    private Mono<Boolean> isYounger(Publication publication, Optional<SlotStatus> found) {
        return publication.exists()
                        && found.filter(SourceSetup::keptAll)
                                .filter(idle -> !idle.isActive())
                                .isPresent()
                ? server.canStream(slot, publication.name()).map(can -> !can)
                : Mono.just(false);
    }

    private static boolean isUsable(Found found) {
        return found.publication().exists()
                && !found.isYounger()
                && found.slot().filter(SourceSetup::keptAll).isPresent();
    }

    private static boolean keptAll(SlotStatus status) {
        return !status.isLost() && status.confirmedFlushLsn().isPresent();
    }

    /**
     * Drops a slot that cannot stream the publication: a stream knows only publications that are older than its
     * position.
     */
    private Mono<Void> makeRoom(Found found) {
        if (found.slot().isEmpty() || isUsable(found)) {
            return Mono.empty();
        }
        log.warn(
                "Replication slot {} {}, and is created again",
                slot,
                found.publication().exists() && !found.isYounger()
                        ? "lost changes that it should have kept"
                        : "is older than its publication");
        return server.dropSlot(slot);
    }

    /** {@code withPublication}: whether the publication belongs to the file. One that somebody else keeps stays. */
    static Mono<Void> tearDown(SourceServer server, SlotNames names, boolean withPublication) {
        // The look comes first: it may fail and be repeated, and then nothing is half removed.
        return server.publication(names.publication())
                .delayUntil(found -> server.dropSlot(names.slot()))
                .doOnNext(found -> log.info("Removed slot {}", names.slot()))
                .filter(Publication::exists)
                .flatMap(publication -> withPublication && publication.isKeptByUs()
                        ? server.dropPublication(names.publication())
                                .doOnSuccess(done -> log.info("Removed publication {}", names.publication()))
                        : Mono.fromRunnable(() -> log.info(
                                "Publication {} stays: {}",
                                names.publication(),
                                publication.isKeptByUs()
                                        ? "nothing says that it is this schema file's"
                                        : "it " + publication.keptBy())));
    }

    /** Logs warnings; problems end the run together, before anything is created. */
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

    private void requireOurs(SlotStatus found) {
        if (!found.plugin().equals("pgoutput") || !found.database().equals(database.name()) || found.twoPhase()) {
            throw new SyncException(
                    Remedy.STOP,
                    "The replication slot \"%s\" is somebody else's: plugin %s, database %s%s. Choose another slot name."
                            .formatted(slot, found.plugin(), found.database(), found.twoPhase() ? ", two-phase" : ""));
        }
    }
}
