package io.pgsync.replication.connection;

import io.pgsync.replication.sql.Cell;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

/**
 * One process of one server, as its own connections see it: two connections that see the same are to the same.
 *
 * @param systemIdentifier given by initdb; a copy of the data directory keeps it
 * @param timeline of the log that is written now; empty on a standby, which writes none
 * @param startedAt when its postmaster was started, to the microsecond: tells two servers apart that run on copies of one data directory
 */
record RunningServer(String systemIdentifier, String timeline, String startedAt) {
    private static final String QUERY = """
            SELECT system_identifier::text,
                   CASE WHEN pg_is_in_recovery() THEN '' ELSE (%s)::text END,
                   pg_postmaster_start_time()::text
              FROM pg_control_system()""".formatted(ServerIdentity.TIMELINE);

    /** The walsender is a session of the same role, so its name can be read without any right. */
    private static final String WITH_SESSION =
            QUERY + " WHERE EXISTS (SELECT FROM pg_stat_activity WHERE application_name = $1)";

    static Mono<RunningServer> of(Connection connection) {
        return PostgresConnections.query(connection, QUERY, RunningServer::of).single();
    }

    /** The server that {@code connection} leads to; empty unless a session of this application name lives there. */
    static Mono<RunningServer> withSession(String applicationName, Connection connection) {
        return PostgresConnections.query(connection, WITH_SESSION, RunningServer::of, applicationName)
                .next();
    }

    boolean isStandby() {
        return timeline.isEmpty();
    }

    private static RunningServer of(Readable row) {
        return new RunningServer(
                Cell.of(row, 0, String.class), Cell.of(row, 1, String.class), Cell.of(row, 2, String.class));
    }

    @Override
    public String toString() {
        return "the server %s, %s, started at %s"
                .formatted(systemIdentifier, isStandby() ? "a standby" : "timeline " + timeline, startedAt);
    }
}
