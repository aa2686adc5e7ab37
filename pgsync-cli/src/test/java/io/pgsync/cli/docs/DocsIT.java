package io.pgsync.cli.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.docs.GuidePage.Block;
import io.pgsync.core.change.TableName;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.document.KeyRange;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.preflight.Preflight;
import io.pgsync.replication.preflight.WantedTable;
import io.pgsync.replication.query.PostgresDocumentReader;
import io.pgsync.replication.query.StatementCheck;
import io.pgsync.replication.stream.StreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the guide shows, done in a database with the book shop. */
class DocsIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final KeyRange ALL = new KeyRange(Optional.empty(), Optional.empty());

    private final String database = POSTGRES.createDatabase();
    private final PostgresConnections connections = PostgresConnections.to(
            PostgresSettings.plain(POSTGRES.host(), POSTGRES.port(), database, POSTGRES.user(), POSTGRES.password()),
            1);

    @BeforeEach
    void openTheShop() throws IOException {
        connections
                .execute(Files.readString(Path.of("../examples/bookshop/bookshop.sql")))
                .block();
    }

    @AfterEach
    void close() {
        connections.close().block();
    }

    /**
     * From top to bottom: SQL is run, a list is a schema file that fits the database, an object with {@code _meta} is a document of the last
     * schema file, any other object a node below {@code book}.
     */
    @Test
    void schemaFilesGiveTheDocumentsShown() throws IOException {
        List<JsonNode> documents = List.of();
        for (Block block : GuidePage.of("docs/guide/schema.md").blocks("sql", "json")) {
            if (block.language().equals("sql")) {
                connections.execute(block.text()).block();
                continue;
            }
            JsonNode json = JSON.readTree(block.text());
            if (json.has("_meta")) {
                assertThat(documents).contains(json);
            } else {
                documents = documents(json.isArray() ? json : JSON.readTree("""
                        [{"database": "any", "index": "books", "nodes": {"table": "book", "children": [%s]}}]""".formatted(json)));
            }
        }
    }

    @Test
    void aRoleMadeAsToldMayDoItsWork() throws IOException {
        try {
            GuidePage.of("docs/guide/operations.md").blocks("sql").forEach(block -> run(block.text()));

            var asTold = PostgresConnections.to(
                    PostgresSettings.plain(POSTGRES.host(), POSTGRES.port(), database, "pgsync", "change me"), 1);
            assertThat(new Preflight(asTold)
                            .check(
                                    new StreamSettings("pgsync_bookshop", "pgsync_bookshop"),
                                    Stream.of("book", "publisher", "author", "book_author", "review", "reader")
                                            .map(table -> new WantedTable(new TableName("public", table), Set.of("id")))
                                            .toList(),
                                    Set.of())
                            .block())
                    .isEmpty();
            asTold.close().block();
        } finally {
            run(
                    "ALTER SYSTEM RESET max_slot_wal_keep_size; SELECT pg_reload_conf(); DROP OWNED BY pgsync; DROP ROLE pgsync");
        }
    }

    @Test
    void whatPgsyncLeavesIsFoundAndRemovedAsTold() {
        connections.execute("""
                CREATE FUNCTION table_notify() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
                CREATE TRIGGER public_book_notify AFTER INSERT OR UPDATE OR DELETE ON book
                    FOR EACH ROW EXECUTE FUNCTION table_notify();
                CREATE TRIGGER public_book_truncate AFTER TRUNCATE ON book EXECUTE FUNCTION table_notify();
                CREATE MATERIALIZED VIEW _view AS SELECT 'book' AS table_name, ARRAY['id'] AS primary_keys""").block();
        run("SELECT pg_create_logical_replication_slot('bookshop_books', 'test_decoding')");

        List<Finding> before = leftovers();
        GuidePage.of("docs/guide/coming-from-pgsync.md").blocks("sql").forEach(block -> run(block.text()));

        assertThat(before).hasSize(5);
        assertThat(leftovers()).isEmpty();
    }

    private List<Finding> leftovers() {
        return new Preflight(connections)
                .examine(new StreamSettings("pgsync_bookshop", "pgsync_bookshop"), List.of(), Set.of()).block().stream()
                        .filter(finding -> finding.subject().equals("left by PGSync"))
                        .toList();
    }

    /** One by one, as ALTER SYSTEM wants it. */
    private void run(String statements) {
        for (String statement :
                statements.replace("DATABASE bookshop", "DATABASE " + database).split(";")) {
            if (!statement.isBlank()) {
                connections.execute(statement).block();
            }
        }
    }

    private List<JsonNode> documents(JsonNode schema) throws IOException {
        ((ObjectNode) schema.get(0)).put("database", database);
        SchemaFile file = SchemaReader.read("schema.md", schema.toString().getBytes(UTF_8), Map.of());
        DocumentTree tree = TreeBuilder.build(
                        file,
                        Map.of(
                                database,
                                PgCatalog.load(
                                                connections,
                                                file.tablesByDatabase().get(database))
                                        .block()))
                .get(0);
        assertThat(new StatementCheck(connections)
                        .problems(List.of(tree))
                        .collectList()
                        .block())
                .isEmpty();
        List<JsonNode> documents = new ArrayList<>();
        for (var change : new PostgresDocumentReader(connections, List.of(tree))
                .read(tree, ALL)
                .toIterable()) {
            var document = (ObjectNode) JSON.readTree(((Upsert) change).source());
            // The engine keeps this entry out of what it shows.
            document.withObjectProperty("_meta").remove(MetaKeys.UNLINKED);
            documents.add(document);
        }
        return documents;
    }
}
