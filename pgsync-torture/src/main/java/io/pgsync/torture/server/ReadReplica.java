package io.pgsync.torture.server;

import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.embedded.postgres.PostgresServer;
import java.sql.DriverManager;
import java.sql.SQLException;

/** A standby that documents are read from, and what comes over it. All methods block; not for concurrent use. */
public final class ReadReplica implements AutoCloseable {
    private final EmbeddedPostgres standby;
    private boolean isHeld;
    private boolean isPromoted;

    private ReadReplica(EmbeddedPostgres standby) {
        this.standby = standby;
    }

    static ReadReplica of(EmbeddedPostgres primary) {
        return new ReadReplica(primary.standby());
    }

    /** Where it listens on the host of the primary. */
    public int port() {
        return standby.port();
    }

    /** It stops to replay, or goes on. */
    public void holdOrRelease() throws SQLException {
        if (!isPromoted) {
            isHeld = !isHeld;
            execute(
                    PostgresServer.MAINTENANCE_DATABASE,
                    isHeld ? "SELECT pg_wal_replay_pause()" : "SELECT pg_wal_replay_resume()");
        }
    }

    public void crash() {
        standby.kill();
        standby.start();
        isHeld = false;
    }

    /** From now on it has a history of its own, in which nothing is left in {@code database}. */
    public void promote(String database) throws SQLException {
        if (isPromoted) {
            return;
        }
        release();
        isPromoted = true;
        standby.promote();
        execute(database, """
                DO $$ DECLARE t regclass; BEGIN
                  FOR t IN SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^(pg_|information)'
                  LOOP EXECUTE format('TRUNCATE %s CASCADE', t); END LOOP; END $$""");
    }

    /** It replays again, if it was held. */
    public void release() throws SQLException {
        if (isHeld) {
            holdOrRelease();
        }
    }

    private void execute(String database, String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(standby.jdbcUrl(database), standby.user(), standby.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        standby.close();
    }
}
