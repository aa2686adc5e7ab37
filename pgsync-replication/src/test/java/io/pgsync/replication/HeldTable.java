package io.pgsync.replication;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Duration;
import java.util.function.Supplier;

/** A transaction of somebody else that keeps tables locked, as a migration does. */
public final class HeldTable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private HeldTable() {}

    /** {@code statements} are run in a transaction that ends after {@code what}. */
    public static <T> T during(TestDatabase database, String statements, Supplier<T> what) {
        PostgresqlConnection connection = database.connections().dedicated().block(PATIENCE);
        try {
            connection
                    .createStatement("BEGIN; SET application_name = 'migration'; " + statements)
                    .execute()
                    .flatMap(result -> result.getRowsUpdated())
                    .blockLast(PATIENCE);
            return what.get();
        } finally {
            connection.close().block(PATIENCE);
        }
    }

    /** The same without a result. */
    public static void during(TestDatabase database, String statements, Runnable what) {
        during(database, statements, () -> {
            what.run();
            return true;
        });
    }
}
