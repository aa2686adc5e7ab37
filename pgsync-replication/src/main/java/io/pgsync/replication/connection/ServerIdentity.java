package io.pgsync.replication.connection;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

/**
 * Which server this is, and where its log ends.
 *
 * @param systemIdentifier given by initdb; a copy of the data directory keeps it, any other cluster has another one
 * @param timeline the timeline of the log that is written now; a promotion or a point-in-time recovery starts a new one
 * @param version {@code server_version_num}: 170004 for 17.4
 * @param currentLsn written, but not necessarily flushed
 */
public record ServerIdentity(String systemIdentifier, int timeline, int version, String database, Lsn currentLsn) {
    /**
     * The name of a log file begins with its timeline; the timeline in the control file is only as new as the last
     * checkpoint.
     */
    static final String TIMELINE = "('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int";

    private static final String QUERY = """
            SELECT system_identifier::text,
                   %s,
                   current_setting('server_version_num')::int,
                   current_database()::text,
                   pg_current_wal_lsn()::text
              FROM pg_control_system()""".formatted(TIMELINE);

    /** Reads it from a primary; fails on a standby, because no log is written there. */
    public static Mono<ServerIdentity> read(PostgresConnections connections) {
        return connections.query(QUERY, ServerIdentity::of).single();
    }

    /** Only the system identifier; a standby gives it too. */
    public static Mono<String> systemIdentifier(PostgresConnections connections) {
        return connections
                .query(
                        "SELECT system_identifier::text FROM pg_control_system()",
                        row -> Columns.required(row, 0, String.class))
                .single();
    }

    /** What a stream from a slot of this server belongs to. */
    public SourceIdentity source(String slot) {
        return new SourceIdentity(systemIdentifier, timeline, database, slot);
    }

    /**
     * The position of a slot of this server that is confirmed up to {@code confirmed}; {@code isSynced}: whether it was kept in step with that
     * of another server.
     */
    public SourcePosition position(String slot, Lsn confirmed, boolean isSynced) {
        return new SourcePosition(source(slot), confirmed, currentLsn, isSynced);
    }

    /** The major version: {@code 17} for 17.2. */
    public int majorVersion() {
        return version / 10_000;
    }

    private static ServerIdentity of(Readable row) {
        return new ServerIdentity(
                Columns.required(row, 0, String.class),
                Columns.required(row, 1, Integer.class),
                Columns.required(row, 2, Integer.class),
                Columns.required(row, 3, String.class),
                Lsn.parse(Columns.required(row, 4, String.class)));
    }
}
