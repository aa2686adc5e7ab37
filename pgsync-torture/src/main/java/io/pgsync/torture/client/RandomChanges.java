package io.pgsync.torture.client;

import io.pgsync.torture.tree.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** An endless stream of transactions over the tables of a tree, the same for the same random numbers. Not safe for concurrent use. */
public final class RandomChanges {
    private static final int KINDS = 200;
    private static final int LEAST_TRUNCATE = 198;
    private static final int MOST_LARGE_ROWS = 3_000;
    /** Of a table that may link several levels of a tree: there its rows multiply to documents of megabytes. */
    private static final int MOST_LINKING_ROWS = 200;

    private final Random random;
    private final List<Table> tables;

    /** {@code statements} with their savepoints; ends as {@code commit} says. */
    public record Transaction(List<String> statements, boolean commit) {}

    public RandomChanges(Random random, List<Table> tables) {
        this.random = random;
        this.tables = tables;
    }

    public Transaction next() {
        var statements = new ArrayList<String>();
        var length = 1 + random.nextInt(5);
        for (int i = 0; i < length; i++) {
            if (chance(12)) {
                statements.addAll(subtransaction());
            } else {
                statements.add(change(any(tables)));
            }
        }
        return new Transaction(statements, !chance(10));
    }

    /** Some thousand rows at once; those of the one before are gone with it. */
    public Transaction large() {
        var statements = new ArrayList<String>();
        tables.forEach(table -> statements.add(delete(table, table.hasNumber(">=", Table.LARGE))));
        var table = any(tables);
        var most = table.links().size() > 2 ? MOST_LINKING_ROWS : MOST_LARGE_ROWS;
        statements.add(RandomRows.insert(table, Table.LARGE, Table.LARGE + 1 + random.nextInt(most), number()));
        statements.add("UPDATE %s SET v = (v + 1) %% 10".formatted(table.name()));
        if (chance(30)) {
            statements.add(delete(table, table.hasNumber(">=", Table.LARGE)));
        }
        return new Transaction(statements, !chance(10));
    }

    /** One statement, which leaves most of the rows where they are. */
    String small() {
        return change(any(tables), random.nextInt(LEAST_TRUNCATE));
    }

    private List<String> subtransaction() {
        var end = chance(60) ? "ROLLBACK TO SAVEPOINT s" : "RELEASE SAVEPOINT s";
        return List.of("SAVEPOINT s", change(any(tables)), change(any(tables)), end, change(any(tables)));
    }

    private String change(Table table) {
        return change(table, random.nextInt(KINDS));
    }

    private String change(Table table, int kind) {
        if (kind < 46) {
            var first = number();
            return RandomRows.insert(table, first, first + random.nextInt(3), number());
        }
        if (kind < 90) {
            return update(table, values(table));
        }
        if (kind < 130) {
            return table.links().isEmpty() ? update(table, values(table)) : update(table, moved(table));
        }
        if (kind < 146) {
            return update(table, "code = " + random.nextInt(Table.CODES));
        }
        if (kind < 172) {
            return delete(table, rows(table));
        }
        return kind < LEAST_TRUNCATE ? changeKey(table) : truncate(table);
    }

    private String values(Table table) {
        var choices = new ArrayList<>(List.of(
                "v = " + random.nextInt(10),
                "v = NULL",
                "name = 'name " + random.nextInt(1_000) + "'",
                "v = v + 1, name = name || '.'"));
        if (table.traits().hasBody()) {
            choices.add("body = " + RandomRows.body(table, Integer.toString(number())));
        }
        return any(choices);
    }

    private String moved(Table table) {
        var number = Integer.toString(random.nextInt(Table.NUMBERS));
        return chance(80)
                ? RandomRows.link(any(table.links()), number)
                : RandomRows.links(table, table.name() + ".v + " + number);
    }

    private String changeKey(Table table) {
        var key = table.address();
        var number = number();
        if (table.hasTenant() && chance(50)) {
            return update(table, Table.TENANT + " = " + random.nextInt(Table.TENANTS));
        }
        if (table.traits().keyedByLinks()) {
            return update(table, RandomRows.links(table, Integer.toString(number)));
        }
        return "%s AND NOT EXISTS (SELECT FROM %s x WHERE x.%s)"
                .formatted(
                        updateOne(table, key.name() + " = " + key.type().of(Integer.toString(number))),
                        table.name(),
                        table.hasNumber("=", number));
    }

    private String truncate(Table table) {
        return "TRUNCATE " + table.name() + (chance(30) ? ", " + any(tables).name() : "") + " CASCADE";
    }

    private String update(Table table, String assignments) {
        return "UPDATE %s SET %s WHERE %s".formatted(table.name(), assignments, rows(table));
    }

    private String updateOne(Table table, String assignments) {
        return "UPDATE %s SET %s WHERE %s".formatted(table.name(), assignments, table.hasNumber("=", number()));
    }

    private static String delete(Table table, String condition) {
        return "DELETE FROM %s WHERE %s".formatted(table.name(), condition);
    }

    /** Mostly one row. */
    private String rows(Table table) {
        if (chance(85)) {
            return table.hasNumber("=", number());
        }
        return chance(50) ? "v = " + random.nextInt(10) : "code = " + random.nextInt(Table.CODES);
    }

    private int number() {
        return random.nextInt(Table.NUMBERS + 8);
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T any(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
