package io.pgsync.replication.catalog;

/**
 * Takes the columns that a tree uses (schemas $1, tables $2, columns $3, paired by position; an empty column stands for
 * the table itself), the names that its conditions call ($4), and a publication ($5) with the tables whose changes it
 * must have (schemas $6, tables $7). Gives rows of kind, name and mark. The mark of a view is its parsed rule, which,
 * unlike pg_get_viewdef, does not depend on a search_path. The mark of a partition has its name if it has rows
 * ({@link io.pgsync.core.catalog.AttachedPartition}). A partition was attached later if its pg_inherits row is of
 * another transaction than the partition itself. The transaction of the partition is that of the pg_attribute row of a
 * system column, because such a row is never updated (chapter "System Catalogs" of the manual). One that was made,
 * filled and attached by the same transaction looks like one that was made empty and filled by rows of the log. It
 * counts too where its bounds make it cheap to find its rows.
 */
final class DefinitionQuery {
    static final String SQL = """
            WITH RECURSIVE asked AS (
                SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS a (schema_name, table_name, column_name)
            ), named AS (
                SELECT DISTINCT c.oid, c.relkind, c.relfilenode, n.nspname, c.relname, n.nspname || '.' || c.relname AS name
                FROM asked
                JOIN pg_namespace n ON n.nspname = asked.schema_name
                JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = asked.table_name
                WHERE c.relkind IN ('r', 'p', 'v', 'm')
            ), columns AS (
                SELECT named.name, named.relkind, named.relfilenode, a.attname, a.atttypid, a.atttypmod, a.xmin AS altered
                FROM asked
                JOIN named ON named.nspname = asked.schema_name AND named.relname = asked.table_name
                JOIN pg_attribute a ON a.attrelid = named.oid AND a.attname = asked.column_name AND a.attnum > 0
            ), types AS (
                SELECT atttypid AS oid FROM columns
                UNION
                SELECT part.oid
                FROM types
                JOIN pg_type t ON t.oid = types.oid
                CROSS JOIN LATERAL (
                    SELECT t.typelem AS oid
                    UNION ALL SELECT t.typbasetype
                    UNION ALL SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = t.oid
                    UNION ALL SELECT a.atttypid FROM pg_attribute a
                              WHERE t.typrelid <> 0 AND a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
                ) part
                WHERE part.oid <> 0
            ), views AS (
                SELECT oid FROM named WHERE relkind IN ('v', 'm')
                UNION
                SELECT c.oid
                FROM views
                JOIN pg_rewrite r ON r.ev_class = views.oid
                JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
                JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('v', 'm')
            ), functions AS (
                SELECT p.oid FROM pg_proc p
                WHERE p.proname = ANY ($4::text[]) AND p.pronamespace <> 'pg_catalog'::regnamespace
                UNION
                SELECT d.refobjid
                FROM views
                JOIN pg_rewrite r ON r.ev_class = views.oid
                JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
            ), heirs AS (
                SELECT named.name, named.oid AS parent, ''::text AS attachment, true AS bounded, false AS attached, named.oid
                FROM named
                WHERE named.relkind = 'p'
                UNION ALL
                SELECT heirs.name, i.inhparent, heirs.attachment || '.' || i.xmin,
                       heirs.bounded AND p.partstrat <> 'h' AND p.partdefid <> i.inhrelid,
                       heirs.attached OR i.xmin <> a.xmin, i.inhrelid
                FROM heirs
                JOIN pg_inherits i ON i.inhparent = heirs.oid AND NOT i.inhdetachpending
                JOIN pg_partitioned_table p ON p.partrelid = i.inhparent
                JOIN pg_attribute a ON a.attrelid = i.inhrelid AND a.attname = 'tableoid'
            )
            SELECT 'fact' AS kind, format('type "%s.%s"', n.nspname, t.typname) AS name, e.oid || '=' || left(md5(e.enumlabel), 8) AS mark
            FROM types
            JOIN pg_type t ON t.oid = types.oid
            JOIN pg_namespace n ON n.oid = t.typnamespace
            JOIN pg_enum e ON e.enumtypid = t.oid
            UNION ALL
            SELECT 'fact', format('type "%s.%s"', n.nspname, t.typname),
                   left(md5(string_agg(a.attnum || ' ' || a.attname || ' ' || a.atttypid, ',' ORDER BY a.attnum)), 16)
            FROM types
            JOIN pg_type t ON t.oid = types.oid
            JOIN pg_namespace n ON n.oid = t.typnamespace
            JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE t.typrelid <> 0
            GROUP BY n.nspname, t.typname
            UNION ALL
            SELECT 'fact', format('view "%s.%s"', n.nspname, c.relname), left(md5(r.ev_action::text), 16)
            FROM views
            JOIN pg_class c ON c.oid = views.oid
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
            UNION ALL
            SELECT 'fact', format('function "%s.%s"', n.nspname, p.proname),
                   p.oid || '=' || left(md5(concat_ws(' ', p.prosrc, p.probin, p.prosqlbody::text)), 16)
            FROM functions
            JOIN pg_proc p ON p.oid = functions.oid
            JOIN pg_namespace n ON n.oid = p.pronamespace
            UNION ALL
            SELECT 'storage', format('column "%s" of "%s"', attname, name), format('%s %s %s', altered, relfilenode, format_type(atttypid, atttypmod))
            FROM columns
            WHERE relkind = 'r'
            UNION ALL
            SELECT 'membership', logged.name, mark.text
            FROM (SELECT l.schema_name || '.' || l.table_name AS name, c.oid AS relation, n.oid AS namespace, p.oid,
                         p.puballtables, format('publication %s %s %s', p.oid, p.xmin, p.pubowner) AS publication
                  FROM pg_publication p
                  CROSS JOIN unnest($6::text[], $7::text[]) AS l (schema_name, table_name)
                  JOIN pg_namespace n ON n.nspname = l.schema_name
                  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = l.table_name
                  WHERE p.pubname = $5) AS logged
            CROSS JOIN LATERAL (
                SELECT array_agg(entry) AS entries
                FROM (SELECT format('table %s %s', r.oid, r.xmin) AS entry
                      FROM pg_publication_rel r
                      WHERE r.prpubid = logged.oid AND r.prrelid = logged.relation
                      UNION ALL
                      SELECT format('schema %s', whole.objid)
                      FROM pg_depend whole
                      JOIN pg_depend place ON place.classid = whole.classid AND place.objid = whole.objid
                      WHERE whole.classid = to_regclass('pg_catalog.pg_publication_namespace')
                        AND whole.refclassid = 'pg_publication'::regclass AND whole.refobjid = logged.oid
                        AND place.refclassid = 'pg_namespace'::regclass AND place.refobjid = logged.namespace) AS each
            ) AS listed
            CROSS JOIN LATERAL unnest(listed.entries || logged.publication) AS mark (text)
            WHERE logged.puballtables OR listed.entries IS NOT NULL
            UNION ALL
            SELECT 'partition', name, '' FROM named WHERE relkind = 'p'
            UNION ALL
            SELECT 'partition', heirs.name,
                   concat_ws(chr(31), heirs.oid, heirs.attachment,
                             CASE WHEN (heirs.bounded OR heirs.attached) AND coalesce(pg_relation_size(heirs.oid), 0) > 0
                                  THEN c.relname || CASE WHEN heirs.bounded THEN chr(31) || 'bounded' ELSE '' END END)
            FROM heirs
            JOIN pg_class c ON c.oid = heirs.oid AND c.relkind = 'r'
            """;

    private DefinitionQuery() {}
}
