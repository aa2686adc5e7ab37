package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.schema.TreeBuilder;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.embedded.PostgresServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatementCheckIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase database = TestDatabase.on(PostgresServers.shared());

    @BeforeEach
    void createTables() {
        database.execute(
                "CREATE TABLE book (id int PRIMARY KEY, title text)",
                "CREATE TABLE review (id int PRIMARY KEY, book_id int REFERENCES book, stars int)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everyConditionThatTheServerRefusesIsNamedByItsPlace() {
        assertThat(problems("titel <> ''", "stars + 1"))
                .extracting(SchemaProblem::pointer)
                .containsExactly("/0/nodes/where", "/0/nodes/children/0/where");
        assertThat(problems("titel <> ''", "true").get(0).message())
                .contains("titel <> ''", "column \"titel\"", "public.book");
    }

    @Test
    void soundConditionsHaveNoProblem() {
        assertThat(problems("title LIKE '100%s'", "stars > 2")).isEmpty();
    }

    private List<SchemaProblem> problems(String ofBook, String ofReview) {
        String json = """
                [{"database": "%s", "nodes": {"table": "book", "where": "%s", "children": [
                    {"table": "review", "relationship": {"variant": "object", "type": "one_to_many"}, "where": "%s"}]}}]
                """.formatted(database.connections().settings().database(), ofBook, ofReview);
        SchemaFile file = SchemaReader.read("schema.json", json.getBytes(StandardCharsets.UTF_8), Map.of());
        List<DocumentTree> trees = PgCatalog.loadAll(database.connections())
                .map(catalog -> TreeBuilder.build(file, Map.of(catalog.database(), catalog)))
                .blockOptional(PATIENCE)
                .orElseThrow();
        return new StatementCheck(database.connections())
                .problems(trees)
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
    }
}
