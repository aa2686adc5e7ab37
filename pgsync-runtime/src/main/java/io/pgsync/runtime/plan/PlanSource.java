package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.schema.SchemaException;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.query.RootCount;
import io.pgsync.runtime.source.Database;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import reactor.core.publisher.Mono;

/** What a plan asks of the source. */
interface PlanSource {
    /** The roots with a document, or those of them that match a condition. */
    Mono<Long> roots(Database database, DocumentTree tree, Optional<String> condition);

    /** The rows of the root's table that match a condition, whether they have a document or not. */
    Mono<Long> rows(Database database, DocumentTree tree, String condition);

    /** The tree of a definition over the tables as they are now; empty if they do not fit it any more. */
    Mono<DocumentTree> treeOf(Database database, String index, LoadedDefinition definition);

    /** A PostgreSQL server. */
    final class Postgres implements PlanSource {
        @Override
        public Mono<Long> roots(Database database, DocumentTree tree, Optional<String> condition) {
            return new RootCount(database.connections()).of(tree, condition);
        }

        @Override
        public Mono<Long> rows(Database database, DocumentTree tree, String condition) {
            return new RootCount(database.connections()).ofRows(tree, condition);
        }

        @Override
        public Mono<DocumentTree> treeOf(Database database, String index, LoadedDefinition definition) {
            return Mono.fromSupplier(() -> file(database.name(), index, definition))
                    .flatMap(file -> PgCatalog.load(
                                    database.connections(),
                                    file.tablesByDatabase().getOrDefault(database.name(), Set.of()))
                            .flatMap(catalog -> Mono.justOrEmpty(
                                    TreeBuilder.buildEach(file, Map.of(database.name(), catalog)).trees().stream()
                                            .findFirst())))
                    .onErrorResume(SchemaException.class, unfit -> Mono.empty());
        }

        private static SchemaFile file(String database, String index, LoadedDefinition definition) {
            ArrayNode file = JsonNodeFactory.instance.arrayNode();
            file.addObject().put("database", database).put("index", index).setAll(withColumns(definition));
            return SchemaReader.read(
                    "the state of index " + index, file.toString().getBytes(StandardCharsets.UTF_8), Map.of());
        }

        /** A node that shows all columns showed those that its table had then. */
        static ObjectNode withColumns(LoadedDefinition definition) {
            ObjectNode document = definition.document().deepCopy();
            definition.nodes().forEach((pointer, facts) -> {
                if (document.at(pointer) instanceof ObjectNode node
                        && node.path("columns").isEmpty()) {
                    ArrayNode columns = node.putArray("columns");
                    new TreeSet<>(facts.fields().keySet()).forEach(columns::add);
                }
            });
            return document;
        }
    }
}
