package io.pgsync.replication.connection;

import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

/**
 * One process of one server, as its own connections see it: if two connections see the same values, they lead to the
 * same process.
 *
 * @param systemIdentifier given by initdb; a copy of the data directory keeps it
 * @param timeline the timeline of the log that is written now; empty on a standby, which writes none
 * @param startedAt the start of its postmaster, to the microsecond: it distinguishes two servers on copies of one data
 *     directory
 */
record RunningServer(String systemIdentifier, String timeline, String startedAt) {
    private static final String QUERY = """
            SELECT system_identifier::text,
                   CASE WHEN pg_is_in_recovery() THEN '' ELSE (%s)::text END,
                   pg_postmaster_start_time()::text
              FROM pg_control_system()""".formatted(ServerIdentity.TIMELINE);

    /** The walsender is a session of the same role, so its name can be read without additional rights. */
    private static final String WITH_SESSION =
            QUERY + " WHERE EXISTS (SELECT FROM pg_stat_activity WHERE application_name = $1)";

    static Mono<RunningServer> of(Connection connection) {
        return PostgresConnections.query(connection, QUERY, RunningServer::of).single();
    }

    /** The server of {@code connection}; empty unless it has a session of this application name. */
    static Mono<RunningServer> withSession(String applicationName, Connection connection) {
        return PostgresConnections.query(connection, WITH_SESSION, RunningServer::of, applicationName)
                .next();
    }

    boolean isStandby() {
        return timeline.isEmpty();
    }

    private static RunningServer of(Readable row) {
        return new RunningServer(
                Columns.required(row, 0, String.class),
                Columns.required(row, 1, String.class),
                Columns.required(row, 2, String.class));
    }

    @Override
    public String toString() {
        return "the server %s, %s, started at %s"
                .formatted(systemIdentifier, isStandby() ? "a standby" : "timeline " + timeline, startedAt);
    }
}
