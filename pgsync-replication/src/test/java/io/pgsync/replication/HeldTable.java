package io.pgsync.replication;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Duration;

/** A transaction of somebody else that keeps tables locked, as a migration does. */
public final class HeldTable implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PostgresqlConnection connection;

    private HeldTable(PostgresqlConnection connection) {
        this.connection = connection;
    }

    /** {@code statements} are run in a transaction that ends with {@link #close()}. */
    public static HeldTable by(TestDatabase database, String statements) {
        var held = new HeldTable(database.connections().dedicated().block(PATIENCE));
        held.connection
                .createStatement("BEGIN; SET application_name = 'migration'; " + statements)
                .execute()
                .flatMap(result -> result.getRowsUpdated())
                .blockLast(PATIENCE);
        return held;
    }

    @Override
    public void close() {
        connection.close().block(PATIENCE);
    }
}
