package io.pgsync.runtime.setup;

import io.pgsync.core.change.TableName;
import io.pgsync.replication.connection.LockWait;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.Columns;
import io.pgsync.replication.sql.SqlNames;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The operations on a database that set replica identities. */
interface IdentityServer {
    /** The tables among a partitioned table and all its partitions whose identity is not FULL; parents come first. */
    Flux<TableName> partitions(TableName table);

    /**
     * Reasons, in words, for which the server would refuse UPDATE and DELETE of others under a new identity.
     * {@code columns}: the columns of the identity, empty for all.
     */
    Flux<String> dangers(TableName table, Set<String> columns);

    /** Whether there is such an index, and its creation was never finished. */
    Mono<Boolean> isBroken(String index);

    Mono<Void> run(String statement);

    /** Runs a statement that needs an exclusive lock on a table; fails if others hold the table for long. */
    Mono<Void> alter(TableName table, String statement);

    /** A database on a PostgreSQL server. */
    record Postgres(PostgresConnections connections) implements IdentityServer {
        /** Reads pg_inherits, because pg_partition_tree() waits for partitions that somebody has locked. */
        private static final String PARTITIONS = """
                WITH RECURSIVE part AS (
                    SELECT to_regclass($1)::oid AS oid, 0 AS level
                     UNION ALL
                    SELECT i.inhrelid, part.level + 1
                      FROM part
                      JOIN pg_inherits i ON i.inhparent = part.oid
                )
                SELECT n.nspname::text, c.relname::text
                  FROM part
                  JOIN pg_class c ON c.oid = part.oid
                  JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE c.relreplident <> 'f'
                 ORDER BY part.level, 1, 2""";
        /**
         * $1 is the table, $2 the columns of the identity, empty for all. A publication's column list must cover the
         * identity, a row filter must use no other column, and from version 18 on the identity must have no generated
         * column.
         */
        private static final String DANGERS = """
                SELECT 'publication ' || p.pubname || ' has a column list or a row filter on it'
                  FROM pg_publication_rel r
                  JOIN pg_publication p ON p.oid = r.prpubid
                 WHERE (r.prrelid = to_regclass($1) OR r.prrelid IN (SELECT relid FROM pg_partition_ancestors(to_regclass($1))))
                   AND (to_jsonb(r) ->> 'prattrs' IS NOT NULL OR to_jsonb(r) ->> 'prqual' IS NOT NULL)
                 UNION ALL
                SELECT 'column ' || a.attname || ' is generated, which PostgreSQL 18 does not take in an identity'
                  FROM pg_attribute a
                 WHERE a.attrelid = to_regclass($1) AND a.attgenerated <> '' AND NOT a.attisdropped
                   AND (cardinality($2::text[]) = 0 OR a.attname = ANY ($2::text[]))
                   AND current_setting('server_version_num')::int >= 180000""";

        private static final String BROKEN_INDEX = """
                SELECT true FROM pg_index i
                 WHERE i.indexrelid = to_regclass($1) AND NOT i.indisvalid""";

        @Override
        public Flux<TableName> partitions(TableName table) {
            return connections.query(
                    PARTITIONS,
                    row -> new TableName(
                            Columns.required(row, 0, String.class), Columns.required(row, 1, String.class)),
                    SqlNames.quoted(table));
        }

        @Override
        public Flux<String> dangers(TableName table, Set<String> columns) {
            return connections.query(
                    DANGERS,
                    row -> Columns.required(row, 0, String.class),
                    SqlNames.quoted(table),
                    columns.toArray(String[]::new));
        }

        @Override
        public Mono<Boolean> isBroken(String index) {
            return connections.query(BROKEN_INDEX, row -> true, index).any(broken -> broken);
        }

        @Override
        public Mono<Void> run(String statement) {
            return connections.execute(statement);
        }

        @Override
        public Mono<Void> alter(TableName table, String statement) {
            return LockWait.on(connections, Set.of(table)).change(statement);
        }
    }
}
