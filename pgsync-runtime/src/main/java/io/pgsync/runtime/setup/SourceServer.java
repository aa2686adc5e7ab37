package io.pgsync.runtime.setup;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.ServerIdentity;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.replication.preflight.WantedTable;
import io.pgsync.replication.slot.Publication;
import io.pgsync.replication.slot.PublicationMark;
import io.pgsync.replication.slot.Publications;
import io.pgsync.replication.slot.ReplicationSlots;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.replication.stream.StreamSettings;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.source.LinkedTables.Linked;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** The operations that a bootstrap needs on the source. */
interface SourceServer {
    /** Examines what must hold before anything is created. */
    Mono<List<Finding>> check(StreamSettings names, Collection<WantedTable> tables, Set<TableName> excused);

    Mono<ServerIdentity> identity();

    Mono<Publication> publication(String name);

    /**
     * Makes the publication {@code now} publish {@code tables}, and marks whom it serves; {@code unproven} tables may
     * be without identity.
     */
    Mono<Void> publish(Publication now, Set<TableName> tables, Set<TableName> unproven, PublicationMark mark);

    Mono<Void> dropPublication(String name);

    /** Completes when every transaction that runs now has ended. */
    Mono<Void> untilRunningEnd();

    /** Empty if there is no slot of this name. */
    Mono<SlotStatus> slot(String name);

    /** Gives the position at which its stream begins; {@code failover}: standbys may keep it in step. */
    Mono<Lsn> createSlot(String name, boolean failover);

    Mono<Void> dropSlot(String name);

    /** Whether the slot begins after the creation of the publication. */
    Mono<Boolean> canStream(String slot, String publication);

    Mono<Void> settleIdentities(ReplicaIdentityMode mode, Collection<Linked> tables);

    /** A database on a PostgreSQL server. */
    record Postgres(PostgresConnections connections) implements SourceServer {
        @Override
        public Mono<List<Finding>> check(StreamSettings names, Collection<WantedTable> tables, Set<TableName> excused) {
            return new Preflight(connections).check(names, tables, excused);
        }

        @Override
        public Mono<ServerIdentity> identity() {
            return ServerIdentity.read(connections);
        }

        @Override
        public Mono<Publication> publication(String name) {
            return new Publications(connections).look(name);
        }

        @Override
        public Mono<Void> publish(
                Publication now, Set<TableName> tables, Set<TableName> unproven, PublicationMark mark) {
            return new Publications(connections).apply(now, tables, unproven, Optional.of(mark));
        }

        @Override
        public Mono<Void> dropPublication(String name) {
            return new Publications(connections).drop(name);
        }

        @Override
        public Mono<Void> untilRunningEnd() {
            return new Publications(connections).untilRunningEnd();
        }

        @Override
        public Mono<SlotStatus> slot(String name) {
            return new ReplicationSlots(connections).describe(name);
        }

        @Override
        public Mono<Lsn> createSlot(String name, boolean failover) {
            var slots = new ReplicationSlots(connections);
            return failover ? slots.createForFailover(name) : slots.create(name);
        }

        @Override
        public Mono<Void> dropSlot(String name) {
            return new ReplicationSlots(connections).drop(name);
        }

        @Override
        public Mono<Boolean> canStream(String slot, String publication) {
            return new ReplicationSlots(connections).canStream(slot, publication);
        }

        @Override
        public Mono<Void> settleIdentities(ReplicaIdentityMode mode, Collection<Linked> tables) {
            return new ReplicaIdentities(new IdentityServer.Postgres(connections)).apply(mode, tables);
        }
    }
}
