package io.pgsync.core.tree;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Catalogs for tests, written as {@code table("book", "id int4 pk, publisher_id int4 -> publisher.id")}. */
public final class Tables {
    private Tables() {}

    public static Catalog catalog(TableDefinition... tables) {
        return new Catalog(
                "shop", Stream.of(tables).collect(Collectors.toMap(TableDefinition::name, Function.identity())));
    }

    public static TableDefinition table(String name, String columns, ForeignKey... more) {
        return relation(TableDefinition.Kind.TABLE, name, columns, more);
    }

    /** {@code #7}, if there is one. */
    private static int number(String... words) {
        return Stream.of(words)
                .filter(word -> word.startsWith("#"))
                .mapToInt(word -> Integer.parseInt(word.substring(1)))
                .findFirst()
                .orElse(0);
    }

    public static TableDefinition relation(TableDefinition.Kind kind, String name, String columns, ForeignKey... more) {
        var definitions = new ArrayList<ColumnDefinition>();
        var primaryKey = new ArrayList<String>();
        var foreignKeys = new ArrayList<>(List.of(more));
        for (String column : columns.split(", *")) {
            String[] words = column.strip().split(" +");
            definitions.add(new ColumnDefinition(number(words), words[0], type(words[1]), column.contains(" pk")));
            if (column.contains(" pk")) {
                primaryKey.add(words[0]);
            }
            if (column.contains("->")) {
                String[] target = column.split("-> *")[1].split("\\.(?=[^.]*$)");
                foreignKeys.add(new ForeignKey(
                        simple(name) + "_" + words[0] + "_fkey",
                        List.of(words[0]),
                        tableName(target[0]),
                        List.of(target[1])));
            }
        }
        return new TableDefinition(tableName(name), kind, definitions, primaryKey, foreignKeys);
    }

    static ForeignKey foreignKey(String name, List<String> columns, String references, List<String> referenced) {
        return new ForeignKey(name, columns, tableName(references), referenced);
    }

    private static ColumnType type(String name) {
        Map<String, ColumnType.Kind> kinds = Map.of(
                "mood", ColumnType.Kind.ENUM,
                "address", ColumnType.Kind.COMPOSITE,
                "int4range", ColumnType.Kind.RANGE);
        var kind = name.startsWith("_") ? ColumnType.Kind.ARRAY : kinds.getOrDefault(name, ColumnType.Kind.BASE);
        return new ColumnType(name, name, kind);
    }

    static TableName tableName(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? new TableName("public", name) : new TableName(name.substring(0, dot), name.substring(dot + 1));
    }

    private static String simple(String name) {
        return tableName(name).table();
    }
}
