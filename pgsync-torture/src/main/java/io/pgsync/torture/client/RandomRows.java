package io.pgsync.torture.client;

import io.pgsync.torture.tree.Link;
import io.pgsync.torture.tree.Table;
import io.pgsync.torture.tree.Table.Body;
import io.pgsync.torture.tree.Table.Uniqueness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Statements that make rows and links out of numbers: what SQL computes from a number is the same in every run. */
public final class RandomRows {
    private RandomRows() {}

    /** Rows for a tree whose tables are empty, with links wherever there is something to refer to. */
    public static List<String> initial(List<Table> tables) {
        var statements = new ArrayList<String>();
        tables.forEach(table -> statements.add(insert(table, 0, Table.NUMBERS - 1, 5)));
        for (var table : tables) {
            if (!table.links().isEmpty() && !table.traits().keyedByLinks()) {
                statements.add("UPDATE %s SET %s".formatted(table.name(), links(table, table.name() + ".v * 3 + 1")));
            }
        }
        return statements;
    }

    /** Rows with the given numbers, unless they are there. */
    static String insert(Table table, int first, int last, int salt) {
        var values = new LinkedHashMap<String, String>();
        if (table.hasTenant()) {
            values.put(Table.TENANT, "n % " + Table.TENANTS);
        }
        if (!table.traits().keyedByLinks()) {
            values.put(table.address().name(), table.address().type().of("n"));
        }
        table.links().forEach(link -> values.putAll(values(link, "n * 7 + " + salt, "n % " + Table.TENANTS)));
        values.put("v", "(n + %d) %% 10".formatted(salt));
        values.put("name", "'name ' || (n + %d)".formatted(salt));
        // Rows of a large transaction have codes of their own: a document must not grow by all of them.
        values.put("code", "CASE WHEN n < 1000 THEN (n + %d) %% %d ELSE n END".formatted(salt, Table.CODES));
        if (table.traits().hasBody()) {
            values.put("body", body(table, "n + " + salt));
        }
        return "INSERT INTO %s (%s) SELECT %s FROM generate_series(%d, %d) AS g(n)%s"
                .formatted(
                        table.name(),
                        String.join(", ", values.keySet()),
                        String.join(", ", values.values()),
                        first,
                        last,
                        unlessThere(table, values));
    }

    /** ON CONFLICT is not for deferrable constraints. */
    private static String unlessThere(Table table, Map<String, String> values) {
        if (table.traits().uniqueness() != Uniqueness.DEFERRABLE) {
            return " ON CONFLICT DO NOTHING";
        }
        var sameKey = table.keyNames().stream()
                .map(column -> "x." + column + " = " + values.get(column))
                .collect(Collectors.joining(" AND "));
        return " WHERE NOT EXISTS (SELECT FROM %s x WHERE %s)".formatted(table.name(), sameKey);
    }

    /** Assignments that turn all own link columns to other rows. */
    static String links(Table table, String number) {
        var values = new LinkedHashMap<String, String>();
        table.links().forEach(link -> values.putAll(values(link, number, table.name() + "." + Table.TENANT)));
        return assignments(values);
    }

    static String link(Link link, String number) {
        return assignments(values(link, number, link.from().name() + "." + Table.TENANT));
    }

    /** Long enough to be stored outside of the row, where an update that leaves it alone does not send it. */
    static String body(Table table, String number) {
        var body = "repeat(md5((%s)::text), 90)".formatted(number);
        return table.traits().body() == Body.WIDE
                ? "CASE WHEN (%s) %% 8 = 3 AND (%s) < %d THEN repeat(md5((%s)::text), 9000) ELSE %s END"
                        .formatted(number, number, Table.LARGE, number, body)
                : body;
    }

    private static Map<String, String> values(Link link, String number, String tenant) {
        var values = new LinkedHashMap<String, String>();
        var columns = link.ownColumns();
        for (int i = 0; i < columns.size(); i++) {
            values.put(columns.get(i), link.value(i, number, tenant));
        }
        return values;
    }

    private static String assignments(Map<String, String> values) {
        return String.join(
                ", ",
                values.entrySet().stream()
                        .map(entry -> entry.getKey() + " = " + entry.getValue())
                        .toList());
    }
}
