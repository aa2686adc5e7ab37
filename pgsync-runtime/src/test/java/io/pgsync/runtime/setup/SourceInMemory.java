package io.pgsync.runtime.setup;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.preflight.WantedTable;
import io.pgsync.replication.slot.Publication;
import io.pgsync.replication.slot.Publication.Keeper;
import io.pgsync.replication.slot.Publication.Membership;
import io.pgsync.replication.slot.PublicationMark;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.replication.stream.StreamSettings;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.source.LinkedTables.Linked;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** The server 42, whose log ends at 100 at first: tells what was done to it. A new slot begins at 50. */
final class SourceInMemory implements SourceServer {
    final List<String> done;
    List<Finding> findings = List.of();
    Optional<SlotStatus> slot = Optional.empty();
    Publication publication = new Publication("pgsync", false, Keeper.US, false, Map.of(), Optional.empty());
    boolean canStream = true;
    int examinations;
    /** Is written between two looks at the end of the log. */
    long growth;
    /** What is under way does not end as long as this is set. */
    boolean isBusy;

    private long end = 100;

    /** {@code done} takes what is done. */
    SourceInMemory(List<String> done) {
        this.done = done;
    }

    SourceInMemory() {
        this(new ArrayList<>());
    }

    SourceInMemory publication(Keeper keeper, String... tables) {
        Map<TableName, Membership> members = Stream.of(tables)
                .collect(Collectors.toMap(
                        table -> new TableName("public", table), table -> new Membership(true, true, false)));
        publication = new Publication("pgsync", true, keeper, true, members, Optional.empty());
        return this;
    }

    /** Confirmed up to 10; {@code pid}: of the process that reads it, 0 for none. */
    SourceInMemory slot(int pid, String walStatus) {
        return slot("pgoutput", "shop", pid, walStatus, false);
    }

    SourceInMemory slot(String plugin, String database, int pid, String walStatus, boolean twoPhase) {
        slot = Optional.of(new SlotStatus(
                "pgsync",
                plugin,
                database,
                Optional.of(pid).filter(found -> found > 0),
                Optional.of(new Lsn(5)),
                Optional.of(new Lsn(10)),
                walStatus,
                Optional.empty(),
                twoPhase));
        return this;
    }

    @Override
    public Mono<List<Finding>> check(StreamSettings names, Collection<WantedTable> tables, Set<TableName> excused) {
        return Mono.fromSupplier(() -> {
            examinations++;
            return findings;
        });
    }

    @Override
    public Mono<ServerIdentity> identity() {
        return Mono.fromSupplier(() -> {
            var now = new ServerIdentity("42", 1, 170000, "shop", new Lsn(end));
            end += growth;
            return now;
        });
    }

    @Override
    public Mono<Publication> publication(String name) {
        return Mono.fromSupplier(() -> publication);
    }

    @Override
    public Mono<Void> publish(Publication now, Set<TableName> tables, Set<TableName> unproven, PublicationMark mark) {
        return does("publish " + new TreeSet<>(tables)
                + (unproven.isEmpty() ? "" : ", unproven " + new TreeSet<>(unproven)));
    }

    @Override
    public Mono<Void> dropPublication(String name) {
        return does("drop publication " + name);
    }

    @Override
    public Mono<Void> untilRunningEnd() {
        return Mono.defer(() -> isBusy ? Mono.never() : Mono.empty());
    }

    @Override
    public Mono<SlotStatus> slot(String name) {
        return Mono.defer(() -> Mono.justOrEmpty(slot));
    }

    @Override
    public Mono<Lsn> createSlot(String name, boolean failover) {
        return does("create " + (failover ? "fail-over slot " : "slot ") + name).thenReturn(new Lsn(50));
    }

    @Override
    public Mono<Void> dropSlot(String name) {
        return does("drop slot " + name);
    }

    @Override
    public Mono<Boolean> canStream(String name, String of) {
        return Mono.fromSupplier(() -> canStream);
    }

    @Override
    public Mono<Void> settleIdentities(ReplicaIdentityMode mode, Collection<Linked> tables) {
        return does("identities " + mode);
    }

    private Mono<Void> does(String what) {
        return Mono.fromRunnable(() -> done.add(what));
    }
}
