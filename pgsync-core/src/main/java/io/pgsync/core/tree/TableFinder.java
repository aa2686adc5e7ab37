package io.pgsync.core.tree;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.NearestName;
import io.pgsync.core.schema.Problems;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds named tables and columns in the catalog, and notes what is wrong with those that cannot be used. */
record TableFinder(Catalog catalog, Problems problems) {
    Optional<TableDefinition> table(String pointer, TableName name) {
        Optional<TableDefinition> found = catalog.table(name);
        if (found.isEmpty()) {
            problems.add(
                    pointer,
                    "table \"%s\" is not in database \"%s\"%s".formatted(name, catalog.database(), suggestion(name)));
        }
        return found.filter(table -> canBeFollowed(pointer, table));
    }

    private String suggestion(TableName wrong) {
        List<TableName> names = Stream.concat(catalog.tables().keySet().stream(), catalog.otherNames().stream())
                .distinct()
                .sorted()
                .toList();
        Optional<String> elsewhere = names.stream()
                .filter(name -> name.table().equals(wrong.table()))
                .findFirst()
                .map(name -> "did you mean the one in schema \"%s\"?".formatted(name.schema()));
        List<String> sameSchema = names.stream()
                .filter(name -> name.schema().equals(wrong.schema()))
                .map(TableName::table)
                .toList();
        return elsewhere
                .or(() -> NearestName.of(wrong.table(), sameSchema))
                .map("; "::concat)
                .orElse("");
    }

    private boolean canBeFollowed(String pointer, TableDefinition table) {
        switch (table.kind()) {
            case UNLOGGED_TABLE ->
                problems.add(
                        pointer,
                        "\"%s\" is unlogged, so its changes are not in the log; use ALTER TABLE \"%s\".\"%s\" SET LOGGED"
                                .formatted(
                                        table.name(),
                                        table.name().schema(),
                                        table.name().table()));
            case FOREIGN_TABLE ->
                problems.add(
                        pointer,
                        "\"%s\" is a foreign table, so its changes are not in this server's log; copy it into an ordinary table"
                                .formatted(table.name()));
            default -> {
                return true;
            }
        }
        return false;
    }

    boolean hasColumns(String pointer, TableDefinition table, List<String> names) {
        List<String> missing =
                names.stream().filter(name -> table.column(name).isEmpty()).toList();
        missing.forEach(name -> problems.add(
                pointer,
                "column \"%s\" is not in \"%s\"%s".formatted(name, table.name(), columnSuggestion(table, name))));
        return missing.isEmpty();
    }

    private static String columnSuggestion(TableDefinition table, String wrong) {
        List<String> names =
                table.columns().stream().map(ColumnDefinition::name).toList();
        return NearestName.of(wrong, names).map("; "::concat).orElse("");
    }
}
