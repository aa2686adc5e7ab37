package io.pgsync.bench.stage;

import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.ColumnType;
import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tree of the book shop, made without a database. */
public final class BookTree {
    public static final TableName BOOK = new TableName("public", "book");
    public static final TableName PUBLISHER = new TableName("public", "publisher");
    public static final TableName BOOK_AUTHOR = new TableName("public", "book_author");

    private static final TableName AUTHOR = new TableName("public", "author");
    private static final String SCHEMA = """
            [{
              "database": "bookshop",
              "index": "bookshop",
              "nodes": {
                "table": "book",
                "columns": ["id", "isbn", "title", "description", "price", "rev", "publish_date"],
                "children": [
                  {"table": "publisher", "columns": ["id", "name", "is_active"],
                   "relationship": {"variant": "object", "type": "one_to_one"}},
                  {"table": "author", "label": "authors", "columns": ["id", "name", "date_of_birth"],
                   "relationship": {"variant": "object", "type": "one_to_many", "through_tables": ["book_author"]}}
                ]
              }
            }]
            """;

    private BookTree() {}

    public static DocumentTree build() {
        Map<TableName, TableDefinition> tables = Stream.of(
                        table(PUBLISHER, List.of("id"), List.of(), "id int4", "name text", "is_active bool"),
                        table(AUTHOR, List.of("id"), List.of(), "id int4", "name text", "date_of_birth date"),
                        table(BOOK, List.of("id"), List.of(reference("publisher_id", PUBLISHER)), bookColumns()),
                        table(
                                BOOK_AUTHOR,
                                List.of("book_id", "author_id"),
                                List.of(reference("book_id", BOOK), reference("author_id", AUTHOR)),
                                "book_id int4",
                                "author_id int4"))
                .collect(Collectors.toMap(TableDefinition::name, Function.identity()));
        var file = SchemaReader.read("schema.json", SCHEMA.getBytes(StandardCharsets.UTF_8), Map.of());
        return TreeBuilder.build(file, Map.of("bookshop", new Catalog("bookshop", tables)))
                .get(0);
    }

    private static String[] bookColumns() {
        return new String[] {
            "id int4",
            "isbn text",
            "title text",
            "description text",
            "price numeric",
            "rev int4",
            "publisher_id int4",
            "publish_date timestamp"
        };
    }

    /** {@code columns}: name and type, separated by a blank. */
    private static TableDefinition table(
            TableName name, List<String> key, List<ForeignKey> references, String... columns) {
        List<ColumnDefinition> definitions = Arrays.stream(columns)
                .map(column -> column.split(" ", 2))
                .map(parts -> new ColumnDefinition(
                        0, parts[0], new ColumnType(parts[1], parts[1], ColumnType.Kind.BASE), key.contains(parts[0])))
                .toList();
        return new TableDefinition(name, TableDefinition.Kind.TABLE, definitions, key, references);
    }

    private static ForeignKey reference(String column, TableName table) {
        return new ForeignKey(column + "_fkey", List.of(column), table, List.of("id"));
    }
}
