package io.pgsync.replication.catalog;

import static java.util.Objects.requireNonNull;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.ReplicaIdentity;
import io.pgsync.core.catalog.TableDefinition.TableIndex;
import io.pgsync.core.change.TableName;
import io.r2dbc.spi.Readable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Assembles the rows of the {@link CatalogQueries}. Not thread-safe. */
final class CatalogAssembly {
    private final String database;
    private final Map<TableName, Parts> tables = new HashMap<>();
    private final List<TableName> otherNames = new ArrayList<>();

    CatalogAssembly(String database) {
        this.database = database;
    }

    private static final class Parts {
        private final TableDefinition.Kind kind;
        private final ReplicaIdentity identity;
        private final List<TableName> heirs;
        private final List<ColumnDefinition> columns = new ArrayList<>();
        private final List<TableIndex> indexes = new ArrayList<>();
        private final List<ForeignKey> foreignKeys = new ArrayList<>();
        private List<String> primaryKey = List.of();

        private Parts(TableDefinition.Kind kind, ReplicaIdentity identity, List<TableName> heirs) {
            this.kind = kind;
            this.identity = identity;
            this.heirs = heirs;
        }

        private TableDefinition definition(TableName name) {
            return new TableDefinition(name, kind, columns, primaryKey, foreignKeys, indexes, identity, heirs);
        }
    }

    void addRelation(Readable row) {
        tables.put(
                tableName(row),
                new Parts(
                        kind(text(row, "relkind"), text(row, "relpersistence")),
                        identity(text(row, "relreplident")),
                        heirs(row)));
    }

    private static List<TableName> heirs(Readable row) {
        List<String> schemas = texts(row, "heir_schemas");
        List<String> names = texts(row, "heir_names");
        return IntStream.range(0, names.size())
                .mapToObj(i -> new TableName(schemas.get(i), names.get(i)))
                .toList();
    }

    private static TableDefinition.Kind kind(String relkind, String persistence) {
        return switch (relkind) {
            case "p" -> TableDefinition.Kind.PARTITIONED_TABLE;
            case "v" -> TableDefinition.Kind.VIEW;
            case "m" -> TableDefinition.Kind.MATERIALIZED_VIEW;
            case "f" -> TableDefinition.Kind.FOREIGN_TABLE;
            default -> persistence.equals("p") ? TableDefinition.Kind.TABLE : TableDefinition.Kind.UNLOGGED_TABLE;
        };
    }

    private static ReplicaIdentity identity(String relreplident) {
        return switch (relreplident) {
            case "f" -> ReplicaIdentity.FULL;
            case "i" -> ReplicaIdentity.UNIQUE_INDEX;
            case "n" -> ReplicaIdentity.NOTHING;
            default -> ReplicaIdentity.PRIMARY_KEY;
        };
    }

    void addColumn(Readable row) {
        var type = new ColumnType(
                text(row, "sql_name"), text(row, "typname"), typeKind(text(row, "typtype"), flag(row, "is_array")));
        int number = requireNonNull(row.get("attnum", Integer.class));
        partsOf(row)
                .ifPresent(parts -> parts.columns.add(
                        new ColumnDefinition(number, text(row, "attname"), type, flag(row, "attnotnull"))));
    }

    private static ColumnType.Kind typeKind(String typtype, boolean isArray) {
        return switch (typtype) {
            case "c" -> ColumnType.Kind.COMPOSITE;
            case "e" -> ColumnType.Kind.ENUM;
            case "r", "m" -> ColumnType.Kind.RANGE;
            default -> isArray ? ColumnType.Kind.ARRAY : ColumnType.Kind.BASE;
        };
    }

    void addIndex(Readable row) {
        String[] parts = requireNonNull(row.get("columns", String[].class));
        List<String> columns =
                Arrays.stream(parts).takeWhile(column -> column != null).toList();
        // If the index has an expression, its plain columns alone are not unique.
        boolean unique = flag(row, "indisunique") && columns.size() == parts.length;
        partsOf(row).ifPresent(table -> {
            table.indexes.add(new TableIndex(text(row, "index_name"), columns, unique));
            if (flag(row, "indisprimary")) {
                table.primaryKey = columns;
            }
        });
    }

    void addForeignKey(Readable row) {
        var key = new ForeignKey(
                text(row, "conname"),
                texts(row, "columns"),
                new TableName(text(row, "referenced_schema"), text(row, "referenced_table")),
                texts(row, "referenced_columns"),
                flag(row, "enforced"));
        partsOf(row).ifPresent(parts -> parts.foreignKeys.add(key));
    }

    void addOtherName(Readable row) {
        otherNames.add(tableName(row));
    }

    boolean hasAll(Collection<TableName> names) {
        return tables.keySet().containsAll(names);
    }

    Catalog catalog() {
        Map<TableName, TableDefinition> definitions = tables.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().definition(entry.getKey())));
        return new Catalog(database, definitions, otherNames);
    }

    /** Empty for a table that was created after the first query; such a table counts as absent. */
    private Optional<Parts> partsOf(Readable row) {
        return Optional.ofNullable(tables.get(tableName(row)));
    }

    static TableName tableName(Readable row) {
        return new TableName(text(row, "schema_name"), text(row, "table_name"));
    }

    private static String text(Readable row, String column) {
        return requireNonNull(row.get(column, String.class), column);
    }

    private static List<String> texts(Readable row, String column) {
        return List.of(requireNonNull(row.get(column, String[].class), column));
    }

    private static boolean flag(Readable row, String column) {
        return requireNonNull(row.get(column, Boolean.class), column);
    }
}
