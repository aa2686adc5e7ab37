package io.pgsync.replication.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaProblem;
import io.pgsync.core.schema.SchemaReader;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeBuilder;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
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

    @Test
    void rightsOnTheColumnsThatAreUsedAreEnough() {
        PostgresSettings owner = database.connections().settings();
        String role = owner.database() + "_reader";
        database.execute(
                "CREATE ROLE " + role + " LOGIN PASSWORD 'reader'",
                "ALTER TABLE book ADD secret text",
                "ALTER TABLE review ADD secret text",
                "GRANT SELECT (id, title) ON book TO " + role,
                "GRANT SELECT (id, book_id, stars) ON review TO " + role);
        PostgresConnections reader = PostgresConnections.to(
                PostgresSettings.plain(owner.host(), owner.port(), owner.database(), role, "reader"), 1);

        List<SchemaProblem> used = problems(reader, "title <> ''", "stars > 2");
        List<SchemaProblem> others = problems(reader, "secret <> ''", "stars > 2");
        Throwable condition = catchThrowable(() -> new StatementCheck(reader)
                .condition(trees("title <> ''", "stars > 2").get(0), "title = 'x'")
                .block(PATIENCE));
        reader.close().block(PATIENCE);
        database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);

        assertThat(used).isEmpty();
        assertThat(others).extracting(SchemaProblem::pointer).containsExactly("/0/nodes/where");
        assertThat(condition).isNull();
    }

    @Test
    void aConditionOverAnUnknownFunctionIsNoMatterOfKeys() {
        assertThat(problems("is_good(id)", "true").get(0).message())
                .contains("is_good(integer) does not exist", "Write an SQL condition");
    }

    @Test
    void aKeyThatTheServerCannotLookUpIsNamedBeforeTheFirstChange() {
        database.execute("CREATE TABLE point_of (at point, id int)");

        assertThat(problems(database.connections(), trees("{\"table\": \"point_of\", \"primary_key\": [\"at\"]}")))
                .extracting(SchemaProblem::message)
                .isNotEmpty()
                .allSatisfy(message ->
                        assertThat(message).contains("public.point_of", "by their key", "types that have an order"));
    }

    @Test
    void arraysCanBeKeysAndLinks() {
        database.execute(
                "CREATE TABLE box (k int[], n int, PRIMARY KEY (k, n))",
                "CREATE TABLE part (id int PRIMARY KEY, k int[], n int, FOREIGN KEY (k, n) REFERENCES box)");

        assertThat(problems(
                        database.connections(),
                        trees("{\"table\": \"box\", \"children\": [{\"table\": \"part\","
                                + " \"relationship\": {\"variant\": \"object\", \"type\": \"one_to_many\"}}]}")))
                .isEmpty();
    }

    private List<SchemaProblem> problems(String ofBook, String ofReview) {
        return problems(database.connections(), ofBook, ofReview);
    }

    private List<SchemaProblem> problems(PostgresConnections connections, String ofBook, String ofReview) {
        return problems(connections, trees(ofBook, ofReview));
    }

    private static List<SchemaProblem> problems(PostgresConnections connections, List<DocumentTree> trees) {
        return new StatementCheck(connections)
                .problems(trees)
                .collectList()
                .blockOptional(PATIENCE)
                .orElseThrow();
    }

    private List<DocumentTree> trees(String ofBook, String ofReview) {
        return trees("""
                {"table": "book", "columns": ["title"], "where": "%s", "children": [
                    {"table": "review", "columns": ["stars"], "relationship": {"variant": "object", "type": "one_to_many"},
                     "where": "%s"}]}
                """.formatted(ofBook, ofReview));
    }

    private List<DocumentTree> trees(String nodes) {
        String json = "[{\"database\": \"%s\", \"nodes\": %s}]"
                .formatted(database.connections().settings().database(), nodes);
        SchemaFile file = SchemaReader.read("schema.json", json.getBytes(StandardCharsets.UTF_8), Map.of());
        return PgCatalog.loadAll(database.connections())
                .map(catalog -> TreeBuilder.build(file, Map.of(catalog.database(), catalog)))
                .blockOptional(PATIENCE)
                .orElseThrow();
    }
}
