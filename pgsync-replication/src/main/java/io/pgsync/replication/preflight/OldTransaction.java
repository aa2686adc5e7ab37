package io.pgsync.replication.preflight;

import io.pgsync.core.failure.Finding;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;

/** A transaction that has been open for long: until it ends, no slot can be created, and none moves past it. */
record OldTransaction(String who, long minutes, String end) {

    static final String QUERY = """
            SELECT 'process ' || pid || coalesce(' of ' || usename, '') || ', ' || coalesce(state, 'unknown'),
                   (extract(epoch FROM now() - xact_start) / 60)::int8,
                   'SELECT pg_terminate_backend(' || pid || ');'
              FROM pg_stat_activity
             WHERE xact_start < now() - interval '5 minutes' AND backend_type = 'client backend'
               AND datname = current_database()
             UNION ALL
            SELECT 'prepared transaction ' || quote_literal(gid), (extract(epoch FROM now() - prepared) / 60)::int8,
                   'ROLLBACK PREPARED ' || quote_literal(gid) || ';'
              FROM pg_prepared_xacts
             WHERE prepared < now() - interval '5 minutes' AND database = current_database()""";

    static OldTransaction of(Readable row) {
        return new OldTransaction(
                Columns.required(row, 0, String.class),
                Columns.required(row, 1, Long.class),
                Columns.required(row, 2, String.class));
    }

    Finding finding() {
        return Finding.warning(
                "old transaction",
                who + ": open for " + minutes
                        + " minutes, which keeps log and holds up the creation of slots; end it if"
                        + " it was forgotten",
                end);
    }
}
