package io.pgsync.replication.catalog;

/** All but {@link #ALL_NAMES} take the schemas ($1) and names ($2) of the wanted tables, paired by position. */
final class CatalogQueries {
    private static final String NAMED = """
            named AS (
                SELECT c.oid, n.nspname AS schema_name, c.relname AS table_name, c.relkind, c.relpersistence, c.relreplident
                FROM unnest($1::text[], $2::text[]) AS asked (schema_name, table_name)
                JOIN pg_namespace n ON n.nspname = asked.schema_name
                JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = asked.table_name
                WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
            )
            """;

    // Partitions inherit too, but they are published as their root.
    static final String RELATIONS = "WITH RECURSIVE " + NAMED + """
            , heirs AS (
                SELECT named.oid AS ancestor, i.inhrelid AS heir
                FROM named
                JOIN pg_inherits i ON i.inhparent = named.oid
                WHERE named.relkind = 'r'
                UNION
                SELECT heirs.ancestor, i.inhrelid FROM heirs JOIN pg_inherits i ON i.inhparent = heirs.heir
            )
            SELECT schema_name, table_name, relkind::text, relpersistence::text, relreplident::text,
                   ARRAY(SELECT n.nspname::text
                         FROM heirs
                         JOIN pg_class c ON c.oid = heirs.heir
                         JOIN pg_namespace n ON n.oid = c.relnamespace
                         WHERE heirs.ancestor = named.oid
                         ORDER BY c.oid) AS heir_schemas,
                   ARRAY(SELECT c.relname::text
                         FROM heirs
                         JOIN pg_class c ON c.oid = heirs.heir
                         WHERE heirs.ancestor = named.oid
                         ORDER BY c.oid) AS heir_names
            FROM named
            """;

    // A domain may be based on another domain.
    static final String COLUMNS = "WITH RECURSIVE " + NAMED + """
            , own AS (
                SELECT named.schema_name, named.table_name, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attnotnull
                FROM named
                JOIN pg_attribute a ON a.attrelid = named.oid AND a.attnum > 0 AND NOT a.attisdropped
            ), unwrapped AS (
                SELECT DISTINCT atttypid AS declared, atttypid AS type FROM own
                UNION ALL
                SELECT u.declared, t.typbasetype FROM unwrapped u JOIN pg_type t ON t.oid = u.type AND t.typtype = 'd'
            )
            SELECT own.schema_name, own.table_name, own.attnum::int4, own.attname, own.attnotnull,
                   format_type(own.atttypid, own.atttypmod) AS sql_name, t.typname, t.typtype::text,
                   t.typcategory = 'A' AND t.typelem <> 0 AS is_array
            FROM own
            JOIN unwrapped u ON u.declared = own.atttypid
            JOIN pg_type t ON t.oid = u.type AND t.typtype <> 'd'
            ORDER BY own.schema_name, own.table_name, own.attnum
            """;

    // An expression has no column name; the columns before it still serve a look-up.
    static final String INDEXES = "WITH " + NAMED + """
            SELECT named.schema_name, named.table_name, ic.relname AS index_name, i.indisprimary, i.indisunique,
                   ARRAY(SELECT a.attname::text
                         FROM unnest(i.indkey) WITH ORDINALITY AS k (attnum, position)
                         LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
                         WHERE k.position <= i.indnkeyatts
                         ORDER BY k.position) AS columns
            FROM named
            JOIN pg_index i ON i.indrelid = named.oid AND i.indisvalid AND i.indpred IS NULL
            JOIN pg_class ic ON ic.oid = i.indexrelid
            JOIN pg_am am ON am.oid = ic.relam AND am.amname IN ('btree', 'hash')
            ORDER BY named.schema_name, named.table_name, ic.relname
            """;

    // For a reference to a partitioned table the server also keeps a constraint for each partition; the user declared
    // only one. A constraint is not enforced if it is declared so (since PostgreSQL 18), was never validated, has its
    // triggers disabled, or if its table is filled by a subscription, which works with session_replication_role =
    // replica. Partitions are read from pg_inherits, because pg_partition_tree() waits for partitions that somebody has
    // locked.
    static final String FOREIGN_KEYS = "WITH " + NAMED + """
            SELECT named.schema_name, named.table_name, c.conname,
                   rn.nspname AS referenced_schema, rc.relname AS referenced_table,
                   ARRAY(SELECT a.attname::text
                         FROM unnest(c.conkey) WITH ORDINALITY AS k (attnum, position)
                         JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
                         ORDER BY k.position) AS columns,
                   ARRAY(SELECT a.attname::text
                         FROM unnest(c.confkey) WITH ORDINALITY AS k (attnum, position)
                         JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum
                         ORDER BY k.position) AS referenced_columns,
                   c.convalidated AND coalesce((to_jsonb(c) ->> 'conenforced')::bool, true)
                   AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgconstraint = c.oid AND t.tgenabled IN ('D', 'R'))
                   AND NOT EXISTS (
                       SELECT FROM pg_subscription_rel s
                       WHERE s.srrelid IN (
                           WITH RECURSIVE part AS (
                               SELECT unnest(ARRAY[c.conrelid, c.confrelid]) AS oid
                                UNION
                               SELECT i.inhrelid
                                 FROM part
                                 JOIN pg_inherits i ON i.inhparent = part.oid
                                 JOIN pg_class p ON p.oid = i.inhrelid AND p.relispartition)
                           SELECT oid FROM part)) AS enforced
            FROM named
            JOIN pg_constraint c ON c.conrelid = named.oid AND c.contype = 'f'
            JOIN pg_class rc ON rc.oid = c.confrelid
            JOIN pg_namespace rn ON rn.oid = rc.relnamespace
            WHERE NOT EXISTS (
                SELECT FROM pg_constraint whole WHERE whole.oid = c.conparentid AND whole.conrelid = c.conrelid)
            ORDER BY named.schema_name, named.table_name, c.conname
            """;

    static final String ALL_NAMES = """
            SELECT n.nspname AS schema_name, c.relname AS table_name
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
              AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
            ORDER BY 1, 2
            LIMIT 5000
            """;

    private CatalogQueries() {}
}
