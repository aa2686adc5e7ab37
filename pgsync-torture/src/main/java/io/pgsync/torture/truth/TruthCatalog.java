package io.pgsync.torture.truth;

import io.pgsync.torture.truth.TruthNode.ColumnPairing;
import io.pgsync.torture.truth.TruthNode.SourceName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What pg_catalog says of tables, keys and constraints, read anew for every truth. */
final class TruthCatalog {
    private static final String COLUMNS = """
            SELECT a.attname, (SELECT coalesce(base.typname, t.typname) FROM pg_type t LEFT JOIN pg_type base ON base.oid = t.typbasetype
                               WHERE t.oid = a.atttypid)
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";
    private static final String PRIMARY_KEY = """
            SELECT a.attname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
            WHERE k.contype = 'p' AND n.nspname = ? AND c.relname = ? ORDER BY a.attname COLLATE "C\"""";
    private static final String FOREIGN_KEYS = """
            SELECT rn.nspname, r.relname, tn.nspname, t.relname,
                   ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS c(num, i)
                         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.num ORDER BY c.i),
                   ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS c(num, i)
                         JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = c.num ORDER BY c.i)
            FROM pg_constraint k
            JOIN pg_class r ON r.oid = k.conrelid JOIN pg_namespace rn ON rn.oid = r.relnamespace
            JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
            WHERE k.contype = 'f' ORDER BY k.oid""";

    private final Connection connection;
    private final List<Constraint> constraints = new ArrayList<>();

    TruthCatalog(Connection connection) throws SQLException {
        this.connection = connection;
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(FOREIGN_KEYS)) {
            while (rows.next()) {
                var referencing = new SourceName(rows.getString(1), rows.getString(2));
                var referenced = new SourceName(rows.getString(3), rows.getString(4));
                constraints.add(
                        new Constraint(referencing, texts(rows.getArray(5)), referenced, texts(rows.getArray(6))));
            }
        }
    }

    /** Column names in the table's order, with the name of their (base) type. */
    Map<String, String> columns(SourceName table) throws SQLException {
        var columns = new LinkedHashMap<String, String>();
        try (var statement = connection.prepareStatement(COLUMNS)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            var rows = statement.executeQuery();
            while (rows.next()) {
                columns.put(rows.getString(1), rows.getString(2));
            }
        }
        return columns;
    }

    /** The key that rows of the node are known by, in the order of ids. */
    List<String> key(TruthNode node) throws SQLException {
        var key = primaryKey(node.table());
        return key.isEmpty() ? node.declaredKey() : key;
    }

    List<String> primaryKey(SourceName table) throws SQLException {
        var key = new ArrayList<String>();
        try (var statement = connection.prepareStatement(PRIMARY_KEY)) {
            statement.setString(1, table.schema());
            statement.setString(2, table.name());
            var rows = statement.executeQuery();
            while (rows.next()) {
                key.add(rows.getString(1));
            }
        }
        return key;
    }

    /** What the constraints say of two tables; of a table with itself: the row below refers to the row above. */
    List<List<ColumnPairing>> links(SourceName above, SourceName below) {
        var links = new ArrayList<List<ColumnPairing>>();
        for (var constraint : constraints) {
            if (constraint.from().equals(below) && constraint.to().equals(above)) {
                links.add(ColumnPairing.zip(constraint.toColumns(), constraint.fromColumns()));
            } else if (constraint.from().equals(above) && constraint.to().equals(below)) {
                links.add(ColumnPairing.zip(constraint.fromColumns(), constraint.toColumns()));
            }
        }
        return links;
    }

    /** Like {@link #links} for a table and a through table, of which {@code chosen} columns are meant where constraints leave a choice. */
    List<ColumnPairing> throughLink(SourceName table, SourceName through, List<String> chosen) throws SQLException {
        var links = links(table, through);
        if (links.isEmpty()) {
            return ColumnPairing.zip(primaryKey(table), chosen);
        }
        return links.stream()
                .filter(link -> links.size() == 1
                        || link.stream().map(ColumnPairing::below).toList().equals(chosen))
                .findFirst()
                .orElseThrow();
    }

    /** The columns of one table that another's constraints point at. */
    List<String> referenced(SourceName from, SourceName to) {
        return constraints.stream()
                .filter(constraint ->
                        constraint.from().equals(from) && constraint.to().equals(to))
                .flatMap(constraint -> constraint.toColumns().stream())
                .toList();
    }

    private static List<String> texts(java.sql.Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
    }

    private record Constraint(SourceName from, List<String> fromColumns, SourceName to, List<String> toColumns) {}
}
