package io.pgsync.replication.slot;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.pgsync.replication.sql.Columns;
import io.pgsync.replication.sql.PgSnapshot;
import io.pgsync.replication.sql.ReplicationNames;
import io.pgsync.replication.sql.SnapshotWait;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlReplicationConnection;
import io.r2dbc.postgresql.replication.ReplicationSlot;
import io.r2dbc.postgresql.replication.ReplicationSlotRequest;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Creates, describes and drops logical slots of the plugin pgoutput. Slots belong to one database and outlive every connection. */
public final class ReplicationSlots {
    private static final Logger log = LoggerFactory.getLogger(ReplicationSlots.class);

    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);
    private static final String UNDEFINED_OBJECT = "42704";
    private static final String PEEK = "SELECT count(*) FROM pg_logical_slot_peek_binary_changes($1, NULL, 1,"
            + " 'proto_version', '1', 'publication_names', $2)";

    private static final String FOR_FAILOVER =
            "SELECT pg_create_logical_replication_slot($1, 'pgoutput', failover => true)::text";

    private final PostgresConnections connections;

    /** The caller closes {@code connections}. */
    public ReplicationSlots(PostgresConnections connections) {
        this.connections = connections;
    }

    /** Empty if there is no slot of this name. */
    public Mono<SlotStatus> describe(String slot) {
        return connections
                .query(
                        "SELECT " + SlotStatus.COLUMNS + " FROM pg_replication_slots WHERE slot_name = $1",
                        SlotStatus::of,
                        slot)
                .next();
    }

    /**
     * Creates the slot. Completes with the position after which it streams, once everything before this position is
     * visible to new statements: a change is then in a later read, or in the stream, or in both. The server first waits
     * for all transactions that are writing. Leaves no slot behind if it fails.
     */
    public Mono<Lsn> create(String slot) {
        String name = ReplicationNames.require("slot", slot);
        return Mono.usingWhen(
                        connections.replication(),
                        replication -> createFenced(replication, name),
                        PostgresqlReplicationConnection::close)
                .doOnSuccess(start -> log.info("Created replication slot {} at {}", name, start))
                .onErrorMap(failure -> !(failure instanceof SyncException), failure -> creating(name, failure));
    }

    /**
     * As {@link #create}, and standbys may keep the slot in step: one that does goes on with the stream once it is promoted. Needs version 17.
     */
    public Mono<Lsn> createForFailover(String slot) {
        String name = ReplicationNames.require("slot", slot);
        return Mono.usingWhen(
                        connections.dedicated(),
                        connection -> createdForFailover(connection, name),
                        PostgresqlConnection::close)
                .doOnSuccess(start -> log.info("Created fail-over slot {} at {}", name, start))
                .onErrorMap(failure -> !(failure instanceof SyncException), failure -> creating(name, failure));
    }

    /**
     * By a function, because the driver's command has no such option; so there is no exported snapshot. What commits before the position has
     * begun before now, and is visible once every transaction that runs now has ended.
     */
    private Mono<Lsn> createdForFailover(PostgresqlConnection connection, String name) {
        // Taken back only once it is ours: a slot of that name may have been there.
        Mono<Lsn> settled = new SnapshotWait(SnapshotWait.current(connection))
                .untilRunningEnd()
                .then(start(connection, name))
                .onErrorResume(failure -> drop(name).onErrorComplete().then(Mono.error(failure)));
        return PostgresConnections.query(connection, FOR_FAILOVER, row -> true, name)
                .then(settled);
    }

    /**
     * Whether the slot, which must be idle, can stream what it has kept for {@code publication}: up to version 17 a
     * server fails on the first change that is older than the publication. True if the answer takes too long. Does not
     * move the slot.
     */
    public Mono<Boolean> canStream(String slot, String publication) {
        return Mono.usingWhen(
                        connections.dedicated(),
                        connection -> run(connection, "SET statement_timeout = " + LONGEST_LOOK.toMillis())
                                .thenMany(PostgresConnections.query(
                                        connection,
                                        PEEK,
                                        row -> true,
                                        slot,
                                        ReplicationNames.require("publication", publication)))
                                .then(),
                        PostgresqlConnection::close)
                .thenReturn(true)
                .onErrorResume(failure -> {
                    log.debug("A look at slot {}: {}", slot, failure.getMessage());
                    return Mono.just(!UNDEFINED_OBJECT.equals(
                            PostgresFailures.sqlState(failure).orElse("")));
                });
    }

    /** Drops the slot; does nothing if there is none. Fails with RETRY while somebody streams from it. */
    public Mono<Void> drop(String slot) {
        return connections
                .query(
                        "SELECT pg_drop_replication_slot(slot_name)::text FROM pg_replication_slots WHERE slot_name = $1",
                        row -> true,
                        slot)
                .then();
    }

    private Mono<Lsn> createFenced(PostgresqlReplicationConnection replication, String name) {
        ReplicationSlotRequest request = ReplicationSlotRequest.logical()
                .slotName(name)
                .outputPlugin("pgoutput")
                .build();
        // The exported snapshot exists until the next command on this connection, or its end.
        return replication
                .createSlot(request)
                .flatMap(created -> fenced(created, name)
                        .onErrorResume(failure -> replication
                                .close()
                                .then(drop(name))
                                .onErrorComplete()
                                .then(Mono.error(failure))));
    }

    /**
     * Reads the position from the server's view: the driver's value is wrong if the lower half is 0x80000000 or more
     * (r2dbc-postgresql up to 1.1.1). All queries use the one connection that could import the snapshot, which proves
     * that it leads to the server of the slot.
     */
    private Mono<Lsn> fenced(ReplicationSlot created, String name) {
        String exported = created.getSnapshotName();
        if (exported == null) {
            return Mono.error(new IllegalStateException("The server exported no snapshot with the slot"));
        }
        return Mono.usingWhen(
                connections.dedicated(),
                connection -> imported(connection, exported)
                        .delayUntil(before -> run(connection, "COMMIT"))
                        .flatMap(before -> new SnapshotWait(SnapshotWait.current(connection)).untilCovers(before))
                        .then(start(connection, name)),
                PostgresqlConnection::close);
    }

    private static Mono<Lsn> start(PostgresqlConnection connection, String name) {
        return PostgresConnections.query(
                        connection,
                        "SELECT confirmed_flush_lsn::text FROM pg_replication_slots WHERE slot_name = $1",
                        row -> Lsn.parse(Columns.required(row, 0, String.class)),
                        name)
                .single();
    }

    private static Mono<PgSnapshot> imported(PostgresqlConnection connection, String exported) {
        return run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                .then(run(connection, "SET TRANSACTION SNAPSHOT '" + exported + "'"))
                .then(SnapshotWait.current(connection));
    }

    private static Mono<Void> run(PostgresqlConnection connection, String sql) {
        return connection
                .createStatement(sql)
                .execute()
                .flatMap(result -> result.getRowsUpdated())
                .then();
    }

    private SyncException creating(String name, Throwable failure) {
        String place = "Cannot create replication slot '%s' at %s: "
                .formatted(name, connections.settings().address());
        return switch (PostgresFailures.sqlState(failure).orElse("")) {
            case "42710" ->
                new SyncException(Remedy.STOP, place + "it exists already. Drop it, or choose another name", failure);
            case "53400" ->
                new SyncException(
                        Remedy.STOP,
                        place + "no slot is free. Drop one, or raise max_replication_slots (needs a restart)",
                        failure);
            case "55000" ->
                new SyncException(
                        Remedy.STOP,
                        place + "the server does not log what is needed. Set wal_level = logical and restart it",
                        failure);
            case "42883" ->
                new SyncException(
                        Remedy.STOP, place + "fail-over slots need PostgreSQL 17 or newer. Do without one", failure);
            case "42501" ->
                new SyncException(
                        Remedy.STOP,
                        place
                                + "role '%s' needs the REPLICATION attribute (ALTER ROLE … REPLICATION)"
                                        .formatted(connections.settings().user()),
                        failure);
            default ->
                new SyncException(
                        PostgresFailures.remedyOf(failure), place + PostgresFailures.serverMessage(failure), failure);
        };
    }
}
