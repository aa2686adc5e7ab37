package io.pgsync.replication.catalog;

import io.pgsync.core.change.TableName;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;
import java.util.Collection;
import java.util.Set;
import reactor.core.publisher.Flux;

/**
 * A partition for which the log has less of old rows than the replica identity of the partitioned table promises.
 * Partitions do not inherit that identity, neither when they are created nor when it is altered.
 *
 * @param table the partitioned table, under whose name the rows are logged
 * @param namesRows whether the log still has the table's primary key of an old row
 */
public record PartitionIdentity(TableName table, TableName partition, boolean namesRows) {
    /**
     * $1 and $2 are the schemas and names of tables. An identity index of a partition names rows if the key is part of
     * it. Partitions are read from pg_inherits, because pg_partition_tree() waits for partitions that somebody has
     * locked.
     */
    private static final String QUERY = """
            WITH RECURSIVE part AS (
                SELECT r.oid AS root, r.oid, 0 AS level
                  FROM unnest($1::text[], $2::text[]) AS w(schema, name)
                  JOIN pg_namespace rn ON rn.nspname = w.schema
                  JOIN pg_class r ON r.relnamespace = rn.oid AND r.relname = w.name AND r.relkind = 'p'
                 UNION ALL
                SELECT part.root, i.inhrelid, part.level + 1
                  FROM part
                  JOIN pg_inherits i ON i.inhparent = part.oid
            )
            SELECT rn.nspname::text, r.relname::text, n.nspname::text, c.relname::text, i.names_rows
              FROM part
              JOIN pg_class r ON r.oid = part.root
              JOIN pg_namespace rn ON rn.oid = r.relnamespace
              JOIN pg_class c ON c.oid = part.oid AND c.relkind <> 'p'
              JOIN pg_namespace n ON n.oid = c.relnamespace
             CROSS JOIN LATERAL (
                   SELECT c.relreplident IN ('d', 'f') OR EXISTS (
                       SELECT FROM pg_index identity
                         JOIN pg_index key ON key.indrelid = c.oid AND key.indisprimary
                        WHERE identity.indrelid = c.oid AND identity.indisreplident AND c.relreplident = 'i'
                          AND key.indkey::int2[] <@ identity.indkey::int2[]) AS names_rows) i
             WHERE NOT i.names_rows OR (c.relreplident <> r.relreplident AND c.relreplident <> 'f' AND r.relreplident <> 'd')
             ORDER BY 1, 2, part.level, 3, 4""";

    /** The weaker partitions of the named tables, at any depth; tables that are not partitioned are skipped. */
    public static Flux<PartitionIdentity> weaker(PostgresConnections connections, Collection<TableName> tables) {
        Set<TableName> names = Set.copyOf(tables);
        return connections.query(
                QUERY,
                PartitionIdentity::of,
                names.stream().map(TableName::schema).toArray(String[]::new),
                names.stream().map(TableName::table).toArray(String[]::new));
    }

    private static PartitionIdentity of(Readable row) {
        return new PartitionIdentity(name(row, 0), name(row, 2), Columns.required(row, 4, Boolean.class));
    }

    private static TableName name(Readable row, int column) {
        return new TableName(
                Columns.required(row, column, String.class), Columns.required(row, column + 1, String.class));
    }
}
