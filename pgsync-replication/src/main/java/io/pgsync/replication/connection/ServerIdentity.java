package io.pgsync.replication.connection;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.replication.sql.Cell;
import io.r2dbc.spi.Readable;
import reactor.core.publisher.Mono;

/**
 * Which server this is and how far its log is.
 *
 * @param systemIdentifier given by initdb; a copy of the data directory keeps it, another cluster never has it
 * @param timeline of the log that is written now; a promotion or a recovery to a point in time starts another
 * @param version as {@code server_version_num}: 170004 for 17.4
 * @param currentLsn written, not yet necessarily flushed
 */
public record ServerIdentity(String systemIdentifier, int timeline, int version, String database, Lsn currentLsn) {
    /** The name of a log file begins with its timeline; the control file's own figure is only as new as the last checkpoint. */
    static final String TIMELINE = "('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int";

    private static final String QUERY = """
            SELECT system_identifier::text,
                   %s,
                   current_setting('server_version_num')::int,
                   current_database()::text,
                   pg_current_wal_lsn()::text
              FROM pg_control_system()""".formatted(TIMELINE);

    /** Asks a primary; on a standby it fails, because no log is written there. */
    public static Mono<ServerIdentity> read(PostgresConnections connections) {
        return connections.query(QUERY, ServerIdentity::of).single();
    }

    /** The first part of it alone; a standby tells it too. */
    public static Mono<String> systemIdentifier(PostgresConnections connections) {
        return connections
                .query("SELECT system_identifier::text FROM pg_control_system()", row -> Cell.of(row, 0, String.class))
                .single();
    }

    /** Where a slot of this server resumes that is confirmed to {@code confirmed}. */
    public SourcePosition position(String slot, Lsn confirmed) {
        return new SourcePosition(
                new SourceIdentity(systemIdentifier, timeline, database, slot), confirmed, currentLsn);
    }

    /** As in {@code 17} for 17.2. */
    public int majorVersion() {
        return version / 10_000;
    }

    private static ServerIdentity of(Readable row) {
        return new ServerIdentity(
                Cell.of(row, 0, String.class),
                Cell.of(row, 1, Integer.class),
                Cell.of(row, 2, Integer.class),
                Cell.of(row, 3, String.class),
                Lsn.parse(Cell.of(row, 4, String.class)));
    }
}
