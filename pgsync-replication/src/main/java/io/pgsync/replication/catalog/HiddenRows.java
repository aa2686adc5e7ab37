package io.pgsync.replication.catalog;

import io.pgsync.core.change.TableName;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.Columns;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * Tables of which row-level security hides, or may hide, rows from the role of a connection: the server does not tell
 * which rows a policy shows.
 */
public final class HiddenRows {
    /** $1 and $2 are the schemas and names of tables. */
    private static final String QUERY = """
            SELECT n.nspname::text, c.relname::text
              FROM unnest($1::text[], $2::text[]) AS w(schema, name)
              JOIN pg_namespace n ON n.nspname = w.schema
              JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name AND c.relkind IN ('r', 'p')
             WHERE row_security_active(c.oid)
             ORDER BY 1, 2""";

    private HiddenRows() {}

    public static Flux<TableName> of(PostgresConnections connections, Set<TableName> tables) {
        return connections.query(
                QUERY,
                row -> new TableName(Columns.required(row, 0, String.class), Columns.required(row, 1, String.class)),
                tables.stream().map(TableName::schema).toArray(String[]::new),
                tables.stream().map(TableName::table).toArray(String[]::new));
    }
}
