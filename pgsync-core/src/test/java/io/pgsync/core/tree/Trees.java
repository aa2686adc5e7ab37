package io.pgsync.core.tree;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.schema.SchemaReader;
import java.util.List;
import java.util.Map;

/** Trees for tests, of schema files written with single quotes. */
public final class Trees {
    private Trees() {}

    /** One document over the tables of {@link Tables}; {@code keys} are those beside {@code database}. */
    public static DocumentTree document(String keys, TableDefinition... tables) {
        return documents("[{'database': 'shop', %s}]".formatted(keys), tables).get(0);
    }

    public static DocumentTree nodes(String nodes, TableDefinition... tables) {
        return document("'nodes': " + nodes, tables);
    }

    /** What is wrong with a document of these nodes. */
    public static List<SchemaProblem> problems(String nodes, TableDefinition... tables) {
        try {
            throw new AssertionError(nodes(nodes, tables));
        } catch (SchemaException wrong) {
            return wrong.problems();
        }
    }

    public static List<DocumentTree> documents(String file, TableDefinition... tables) {
        SchemaFile read =
                SchemaReader.read("schema.json", file.replace('\'', '"').getBytes(UTF_8), Map.of());
        return TreeBuilder.build(read, Map.of("shop", Tables.catalog(tables)));
    }

    /** A child of many objects. {@code relationship} and {@code more} are further members, each with a comma before it. */
    public static String many(String table, String relationship, String more) {
        return "{'table': '%s', 'relationship': {'type': 'one_to_many', 'variant': 'object'%s}%s}"
                .formatted(table, relationship, more);
    }

    public static String many(String table) {
        return many(table, "", "");
    }
}
