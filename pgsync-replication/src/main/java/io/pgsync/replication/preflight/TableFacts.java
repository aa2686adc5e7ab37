package io.pgsync.replication.preflight;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.replication.slot.Publication;
import io.pgsync.replication.sql.Columns;
import io.pgsync.replication.sql.SqlNames;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What replication needs to know about one wanted table. */
record TableFacts(
        TableName name,
        boolean exists,
        boolean publishable,
        boolean logged,
        boolean readable,
        List<String> unreadable,
        boolean filtered,
        boolean owned,
        boolean keylessRoot,
        Optional<String> wantedRoot,
        String identity) {

    /**
     * $1 and $2 are the schemas and names, $3 the columns that are read, as one JSON array for each table. Ordinary and
     * partitioned tables can be published.
     */
    static final String QUERY = """
            SELECT w.schema, w.name,
                   c.oid IS NOT NULL,
                   c.relkind IN ('r', 'p'),
                   c.relpersistence = 'p',
                   w.columns = '[]' OR has_schema_privilege(c.relnamespace, 'USAGE') AND has_any_column_privilege(c.oid, 'SELECT'),
                   ARRAY(SELECT a.attname::text FROM pg_attribute a
                          WHERE a.attrelid = c.oid AND a.attnum > 0 AND w.columns::jsonb ? a.attname
                            AND NOT has_column_privilege(c.oid, a.attnum, 'SELECT')
                          ORDER BY a.attnum),
                   w.columns <> '[]' AND row_security_active(c.oid),
                   pg_has_role(current_user, c.relowner, 'USAGE'),
                   c.relkind = 'p' AND NOT EXISTS (
                       SELECT FROM pg_index i
                        WHERE i.indrelid = c.oid AND i.indisprimary AND i.indimmediate),
                   (SELECT r.schema || '.' || r.name
                      FROM unnest($1::text[], $2::text[]) AS r(schema, name)
                      JOIN pg_namespace rn ON rn.nspname = r.schema
                      JOIN pg_class rc ON rc.relnamespace = rn.oid AND rc.relname = r.name
                      JOIN pg_partition_ancestors(c.oid) a ON a.relid = rc.oid AND a.relid <> c.oid
                     LIMIT 1),
                   coalesce(c.relreplident::text, '')
              FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w(schema, name, columns, position)
              LEFT JOIN pg_namespace n ON n.nspname = w.schema
              LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
             ORDER BY w.position""";

    static TableFacts of(Readable row) {
        return new TableFacts(
                new TableName(Columns.required(row, 0, String.class), Columns.required(row, 1, String.class)),
                Columns.required(row, 2, Boolean.class),
                isTrue(row, 3),
                isTrue(row, 4),
                isTrue(row, 5),
                List.of(Columns.required(row, 6, String[].class)),
                isTrue(row, 7),
                isTrue(row, 8),
                isTrue(row, 9),
                Optional.ofNullable(row.get(10, String.class)),
                Columns.required(row, 11, String.class));
    }

    /** {@code publication}: the one that must publish the table. */
    List<Finding> findings(String role, Publication publication) {
        String subject = "table " + name;
        if (!exists) {
            return List.of(Finding.problem(subject, "it does not exist", "Create it, or correct the schema file"));
        }
        if (!publishable) {
            return List.of(Finding.problem(
                    subject,
                    "it is not a table (a view, or a foreign table), so its changes are not in the log",
                    "Use the tables that it is made of, or copy it into an ordinary table"));
        }
        List<Finding> findings = new ArrayList<>();
        rights(findings, subject, role, publication);
        content(findings, subject);
        return findings.isEmpty() ? List.of(Finding.fine(subject, "readable, " + meaningOfIdentity())) : findings;
    }

    private String meaningOfIdentity() {
        return switch (identity) {
            case "f" -> "replica identity full: old rows come whole";
            case "i" -> "replica identity index: old rows come with the index's columns";
            default -> "replica identity default: old rows come with their key, old links are looked up in the index";
        };
    }

    private void rights(List<Finding> findings, String subject, String role, Publication publication) {
        if (!readable || !unreadable.isEmpty()) {
            findings.add(unreadable(subject, role));
        }
        if (filtered) {
            findings.add(Finding.problem(
                    subject,
                    "row-level security shows role '" + role + "' not all of its rows, so documents would lack some",
                    "ALTER ROLE " + SqlNames.quoted(role) + " BYPASSRLS;"));
        }
        if (!owned && publication.lacks(name)) {
            findings.add(Finding.problem(
                    subject,
                    "role '" + role + "' does not own it and so may not publish it",
                    "Make it a member of the owner's role, or let the owner add the table to the publication"));
        }
    }

    /** A problem only for columns that documents need; others may stay hidden from the role. */
    private Finding unreadable(String subject, String role) {
        String columns = unreadable.stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
        return Finding.problem(
                subject,
                "role '" + role + (readable ? "' may not read its columns " + columns : "' may not read it"),
                "GRANT USAGE ON SCHEMA %s TO %s; GRANT SELECT%s ON %s TO %s;"
                        .formatted(
                                SqlNames.quoted(name.schema()),
                                SqlNames.quoted(role),
                                readable ? " (" + columns + ")" : "",
                                quoted(),
                                SqlNames.quoted(role)));
    }

    private void content(List<Finding> findings, String subject) {
        if (!logged) {
            findings.add(Finding.problem(
                    subject,
                    "its changes are not logged (UNLOGGED or TEMPORARY)",
                    "ALTER TABLE " + quoted() + " SET LOGGED;"));
        }
        wantedRoot.ifPresent(
                root -> findings.add(
                        Finding.problem(
                                subject,
                                "it is a partition of " + root
                                        + ", which a document uses too: PostgreSQL publishes its changes as that table's, so this document would never change",
                                "Use " + root
                                        + " in both documents, with a \"where\" in this one; or give one of them its own schema file and slot name")));
        if (keylessRoot) {
            findings.add(Finding.warning(
                    subject,
                    "it is partitioned and has no primary key that would identify rows: a partition that is made later refuses UPDATE and"
                            + " DELETE until it has REPLICA IDENTITY FULL",
                    "Give it a primary key; or have every new partition altered before it takes rows"));
        }
    }

    private String quoted() {
        return SqlNames.quoted(name);
    }

    // Everything about a table that does not exist is null.
    private static boolean isTrue(Readable row, int column) {
        return Boolean.TRUE.equals(row.get(column, Boolean.class));
    }
}
