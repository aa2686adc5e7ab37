package io.pgsync.replication.slot;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.replication.connection.LockWait;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.replication.sql.Columns;
import io.pgsync.replication.sql.SqlNames;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.util.Collection;
import reactor.core.publisher.Flux;

/**
 * A table on which the server would refuse everybody's UPDATE and DELETE once it is published, because no published
 * column identifies a row (CheckCmdReplicaIdentity in the server's sources). The table that holds the rows decides:
 * each partition of a partitioned table.
 *
 * @param wanted the table to be published
 * @param holder the table itself, or a partition of it
 */
public record WriteHazard(TableName wanted, TableName holder, Reason reason) {
    /** $1 and $2 are schemas and names. A deferrable, partial or invalid index does not identify rows. */
    private static final String QUERY = """
            WITH holder AS (
                SELECT w.position, w.schema, w.name, h.oid, h.relname, h.relnamespace, h.relreplident
                  FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(schema, name, position)
                  JOIN pg_namespace n ON n.nspname = w.schema
                  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
                  JOIN LATERAL (SELECT c.oid WHERE c.relkind = 'r'
                                 UNION ALL
                                SELECT relid FROM pg_partition_tree(c.oid) WHERE c.relkind = 'p' AND isleaf) AS p(oid) ON true
                  JOIN pg_class h ON h.oid = p.oid AND h.relkind = 'r'
            )
            SELECT h.schema, h.name, n.nspname::text, h.relname::text,
                   CASE WHEN h.relreplident = 'f' OR usable.columns IS NOT NULL THEN 'GENERATED'
                        WHEN h.relreplident = 'n' THEN 'NOTHING'
                        WHEN h.relreplident = 'i' THEN 'LOST_INDEX'
                        WHEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = h.oid AND i.indisprimary AND NOT i.indimmediate)
                        THEN 'DEFERRABLE_KEY'
                        ELSE 'NO_KEY' END
              FROM holder h
              JOIN pg_namespace n ON n.oid = h.relnamespace
              LEFT JOIN LATERAL (
                  SELECT (i.indkey::int2[])[0:i.indnkeyatts - 1] AS columns
                    FROM pg_index i
                   WHERE i.indrelid = h.oid AND i.indisvalid AND i.indisunique AND i.indimmediate AND i.indpred IS NULL
                     AND CASE h.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END) usable ON true
             WHERE h.relreplident <> 'f' AND usable.columns IS NULL
                OR current_setting('server_version_num')::int >= 180000
                   AND EXISTS (SELECT FROM pg_attribute a
                                WHERE a.attrelid = h.oid AND a.attgenerated <> '' AND NOT a.attisdropped
                                  AND (h.relreplident = 'f' OR a.attnum = ANY (usable.columns)))
             ORDER BY h.position, 3, 4""";

    /** Why nothing identifies a row. */
    public enum Reason {
        NO_KEY("it has no primary key", "FULL; -- or give it a primary key"),
        DEFERRABLE_KEY(
                "its primary key is DEFERRABLE, which does not count", "FULL; -- or make the key NOT DEFERRABLE"),
        LOST_INDEX("the index that was it is gone", "DEFAULT; -- with a primary key, else FULL"),
        NOTHING("it is set to NOTHING", "DEFAULT; -- with a primary key, else FULL"),
        /** Since PostgreSQL 18. */
        GENERATED(
                "it has generated columns in it, which are not published",
                "DEFAULT; -- with a primary key without such columns");

        private final String words;
        private final String remedy;

        Reason(String words, String remedy) {
            this.words = words;
            this.remedy = remedy;
        }
    }

    /**
     * The hazards of existing tables, in their order. Fails with {@link TableLockedException} while somebody has locked
     * a partition exclusively.
     */
    public static Flux<WriteHazard> of(PostgresConnections connections, Collection<TableName> tables) {
        return LockWait.on(connections, tables).ask(connection -> of(connection, tables));
    }

    /**
     * The partitions that were looked at stay locked until the transaction ends, so that none loses its identity
     * meanwhile.
     */
    static Flux<WriteHazard> of(Connection connection, Collection<TableName> tables) {
        return PostgresConnections.query(
                connection,
                QUERY,
                WriteHazard::of,
                tables.stream().map(TableName::schema).toArray(String[]::new),
                tables.stream().map(TableName::table).toArray(String[]::new));
    }

    private static WriteHazard of(Readable row) {
        return new WriteHazard(
                new TableName(Columns.required(row, 0, String.class), Columns.required(row, 1, String.class)),
                new TableName(Columns.required(row, 2, String.class), Columns.required(row, 3, String.class)),
                Reason.valueOf(Columns.required(row, 4, String.class)));
    }

    /** The finding for an examination. */
    public Finding finding() {
        return Finding.problem(
                "table " + holder,
                "it has no replica identity (" + reason.words
                        + "): once published, the server refuses UPDATE and DELETE on it",
                "ALTER TABLE %s.%s REPLICA IDENTITY %s"
                        .formatted(SqlNames.quoted(holder.schema()), SqlNames.quoted(holder.table()), reason.remedy));
    }
}
