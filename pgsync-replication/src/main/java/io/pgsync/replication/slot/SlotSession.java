package io.pgsync.replication.slot;

import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.Columns;
import reactor.core.publisher.Mono;

/**
 * The session that streams from a slot now, by its application name: streams of ours have names that no other session has
 * (that of {@code ReplicationStream.session()}).
 */
public final class SlotSession {
    private static final String OF_SLOT =
            " FROM pg_replication_slots JOIN pg_stat_activity ON pid = active_pid WHERE slot_name = $1";

    private final PostgresConnections connections;
    private final String slot;

    /** Asks nothing yet; {@code slot} need not exist. */
    public SlotSession(PostgresConnections connections, String slot) {
        this.connections = connections;
        this.slot = slot;
    }

    /** The name of the session; empty if nobody streams from the slot. */
    public Mono<String> name() {
        return connections
                .query(
                        "SELECT coalesce(application_name, '')" + OF_SLOT,
                        row -> Columns.required(row, 0, String.class),
                        slot)
                .next();
    }

    /**
     * Ends the session {@code name}, if it is the one that streams from the slot. A role may end its own sessions. The slot is free a moment
     * later.
     */
    public Mono<Void> end(String name) {
        return connections
                .query(
                        "SELECT pg_terminate_backend(pid)" + OF_SLOT + " AND application_name = $2",
                        row -> true,
                        slot,
                        name)
                .then();
    }
}
