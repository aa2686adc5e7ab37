package io.pgsync.replication.preflight;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.replication.Cell;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.List;

/** One wanted table, as far as replication needs it. */
record TableFacts(
        TableName name,
        boolean exists,
        boolean publishable,
        boolean logged,
        boolean readable,
        boolean owned,
        boolean published,
        boolean identified,
        String identity) {

    /** $1 and $2 are the schemas and names, $3 the publication. Ordinary and partitioned tables can be published. */
    static final String QUERY = """
            SELECT w.schema, w.name,
                   c.oid IS NOT NULL,
                   c.relkind IN ('r', 'p'),
                   c.relpersistence = 'p',
                   has_schema_privilege(c.relnamespace, 'USAGE') AND has_table_privilege(c.oid, 'SELECT'),
                   pg_has_role(current_user, c.relowner, 'USAGE'),
                   EXISTS (SELECT FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid
                            WHERE r.prrelid = c.oid AND p.pubname = $3),
                   c.relreplident = 'f' OR EXISTS (
                       SELECT FROM pg_index i
                        WHERE i.indrelid = c.oid AND i.indisvalid
                          AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END),
                   coalesce(c.relreplident::text, '')
              FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w(schema, name, position)
              LEFT JOIN pg_namespace n ON n.nspname = w.schema
              LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
             ORDER BY w.position""";

    static TableFacts of(Readable row) {
        return new TableFacts(
                new TableName(Cell.of(row, 0, String.class), Cell.of(row, 1, String.class)),
                Cell.of(row, 2, Boolean.class),
                isTrue(row, 3),
                isTrue(row, 4),
                isTrue(row, 5),
                isTrue(row, 6),
                isTrue(row, 7),
                isTrue(row, 8),
                Cell.of(row, 9, String.class));
    }

    List<Finding> findings(String role) {
        String subject = "table " + name;
        if (!exists) {
            return List.of(Finding.problem(subject, "it does not exist", "Create it, or correct the schema file"));
        }
        if (!publishable) {
            return List.of(Finding.problem(
                    subject, "it is not a table (a view, or a foreign table)", "Use the tables it is made of"));
        }
        List<Finding> findings = new ArrayList<>();
        rights(findings, subject, role);
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

    private void rights(List<Finding> findings, String subject, String role) {
        if (!readable) {
            findings.add(Finding.problem(
                    subject,
                    "role '" + role + "' may not read it",
                    "GRANT USAGE ON SCHEMA %s TO %s; GRANT SELECT ON %s TO %s;"
                            .formatted(quoted(name.schema()), quoted(role), quoted(), quoted(role))));
        }
        if (!owned && !published) {
            findings.add(Finding.problem(
                    subject,
                    "role '" + role + "' does not own it and so may not publish it",
                    "Make it a member of the owner's role, or let the owner add the table to the publication"));
        }
    }

    private void content(List<Finding> findings, String subject) {
        if (!logged) {
            findings.add(Finding.problem(
                    subject,
                    "its changes are not logged (UNLOGGED or TEMPORARY)",
                    "ALTER TABLE " + quoted() + " SET LOGGED;"));
        }
        if (!identified) {
            findings.add(Finding.warning(
                    subject,
                    "it has no replica identity: once published, the server refuses UPDATE and DELETE on it",
                    "ALTER TABLE " + quoted() + " REPLICA IDENTITY FULL; -- or add a primary key"));
        }
    }

    private String quoted() {
        return quoted(name);
    }

    static String quoted(TableName table) {
        return quoted(table.schema()) + "." + quoted(table.table());
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    // Everything about a table that does not exist is null.
    private static boolean isTrue(Readable row, int column) {
        return Boolean.TRUE.equals(row.get(column, Boolean.class));
    }
}
