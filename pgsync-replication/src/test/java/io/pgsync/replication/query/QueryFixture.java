package io.pgsync.replication.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.affected.TableRoles;
import io.pgsync.core.change.TableName;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.DocumentChange.Delete;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.catalog.PgCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/** A database of its own with some tables, and one tree over them. All methods block. */
record QueryFixture(TestDatabase database, DocumentTree tree, PostgresDocumentReader reader) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();

    /** {@code nodes} is JSON with single quotes. */
    static QueryFixture of(String ddl, String nodes) {
        return of(TestDatabase.on(PostgresServers.shared()), ddl, nodes);
    }

    static QueryFixture of(TestDatabase database, String ddl, String nodes) {
        database.execute(ddl);
        DocumentTree tree = tree(database, "shop", nodes);
        return new QueryFixture(database, tree, new PostgresDocumentReader(database.connections(), List.of(tree)));
    }

    /** A second tree over the same tables, for the index "another". */
    DocumentTree another(String nodes) {
        return tree(database, "another", nodes);
    }

    private static DocumentTree tree(TestDatabase database, String index, String nodes) {
        String json = "[{'database': 'shop', 'index': '%s', 'nodes': %s}]"
                .formatted(index, nodes)
                .replace('\'', '"');
        SchemaFile file = SchemaReader.read("schema.json", json.getBytes(UTF_8), Map.of());
        var catalog = PgCatalog.load(
                        database.connections(), file.tablesByDatabase().get("shop"))
                .block(PATIENCE);
        return TreeBuilder.build(file, Map.of("shop", catalog)).get(0);
    }

    /** A child; {@code more} are further members, each with a comma before it. */
    static String child(String table, String type, String variant, String relationship, String more) {
        return "{'table': '%s', 'relationship': {'type': '%s', 'variant': '%s'%s}%s}"
                .formatted(table, type, variant, relationship, more);
    }

    List<DocumentChange> read(List<RootKey> roots) {
        return collect(reader.read(tree, roots));
    }

    /** The document of one root, with {@code _meta}. */
    JsonNode document(String... key) {
        List<DocumentChange> changes = read(List.of(root(key)));
        assertThat(changes).singleElement().isInstanceOf(Upsert.class);
        return json((Upsert) changes.get(0));
    }

    boolean isGone(String... key) {
        List<DocumentChange> changes = read(List.of(root(key)));
        return changes.size() == 1 && changes.get(0) instanceof Delete;
    }

    RootKey root(String... key) {
        return new RootKey(tree.index(), List.of(key));
    }

    static JsonNode json(Upsert upsert) {
        String source = new String(upsert.source(), UTF_8);
        // It becomes one line of a bulk request.
        assertThat(source).doesNotContain("\n", "\r");
        return json(source);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError("No JSON: " + text, e);
        }
    }

    /** What a walk from rows of {@code table} finds, in the first of its roles. */
    List<String> rootsAbove(String table, Start start, List<List<String>> values) {
        return collect(walk(table, start, values)).stream()
                .map(root -> String.join("|", root.key()))
                .sorted()
                .toList();
    }

    /** The same, while it happens. */
    Flux<RootKey> walk(String table, Start start, List<List<String>> values) {
        PathToRoot path = TableRoles.of(List.of(tree)).of(new TableName("public", table)).stream()
                .filter(role -> !role.isRoot())
                .findFirst()
                .orElseThrow();
        return new PostgresKeyLookup(database.connections(), database.connections()).rootsAbove(path, start, values);
    }

    static <T> List<T> collect(Flux<T> flux) {
        return flux.collectList().block(PATIENCE);
    }

    static List<List<String>> rows(String... values) {
        return Stream.of(values).map(value -> List.of(value.split(","))).toList();
    }

    @Override
    public void close() {
        database.close();
    }
}
