package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.core.change.TableName;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.embedded.postgres.PostgresServers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** The commands that help to write a schema file, on a schema that they propose themselves. */
class ExplainRunIT {
    private static final PostgresServer POSTGRES = PostgresServers.shared();
    private static final ElasticsearchServer ELASTICSEARCH = ElasticsearchServers.shared();

    @TempDir
    private Path directory;

    private final String index = ELASTICSEARCH.freshIndexName("books");
    private String database = "";
    private Settings settings;

    @BeforeEach
    void proposeASchema() throws SQLException, IOException {
        database = POSTGRES.createDatabase();
        execute("""
                CREATE TABLE author (id int PRIMARY KEY, name text);
                CREATE TABLE book (id int PRIMARY KEY, title text);
                CREATE TABLE book_author (book_id int REFERENCES book, author_id int REFERENCES author, PRIMARY KEY (book_id, author_id));
                CREATE TABLE review (id int PRIMARY KEY, book_id int REFERENCES book, stars int);
                INSERT INTO author VALUES (1, 'Ursula');
                INSERT INTO book VALUES (1, 'Left Hand'), (2, 'Unindexed');
                INSERT INTO book_author VALUES (1, 1);
                """);
        Path file = directory.resolve("schema.json");
        settings = settings(file);
        String proposal = new SchemaDraft(settings)
                .of(
                        Optional.of(database),
                        Stream.of("book", "author", "review")
                                .map(name -> new TableName("public", name))
                                .toList());
        Files.writeString(file, proposal.replace("\"index\" : \"book\"", "\"index\" : \"" + index + "\""));
    }

    @Test
    void treesQueriesPathsAndMissingIndexesAreShown() {
        String shown = output(ExplainRun::print);

        assertThat(shown)
                .contains(" - public.book\n   |- public.author\n    - public.review\n")
                .contains("LEFT JOIN LATERAL (\n")
                .contains("book_author.author_id = author.id  [MISSING INDEX]")
                .contains("book.id = book_author.book_id  [index book_pkey]")
                .contains("public.book_author (book_id): index book_author_pkey")
                .contains("CREATE INDEX CONCURRENTLY ON \"public\".\"review\" (\"book_id\");");
    }

    @Test
    void theStatementsThatAreShownMakeTheIndexesComplete() throws SQLException {
        for (String line : output(ExplainRun::printIndexes).lines().toList()) {
            if (line.contains("CREATE INDEX")) {
                execute(line);
            }
        }

        assertThat(output(ExplainRun::printIndexes)).doesNotContain("MISSING", "CREATE");
    }

    @Test
    void aDocumentIsShownBesideWhatIsStored() throws SQLException {
        var sync = new Commands(settings, Terminal.standardError());
        sync.bootstrap();
        sync.catchUp(Mono.never());

        assertThat(output(run -> run.printDocument("1"))).contains("stored as it would be built now");

        execute("UPDATE author SET name = 'Somebody'");
        assertThat(output(run -> run.printDocument("1")))
                .contains("-       \"name\": \"Ursula\"", "+       \"name\": \"Somebody\"");
        sync.tearDown();
    }

    private String output(Consumer<ExplainRun> command) {
        var text = new StringWriter();
        command.accept(new ExplainRun(settings, new PrintWriter(text)));
        return text.toString();
    }

    private Settings settings(Path file) {
        Map<String, String> variables = new HashMap<>();
        variables.put(Setting.SCHEMA.name(), file.toString());
        variables.put(Setting.PG_URL.name(), POSTGRES.url(database));
        variables.put(Setting.ELASTICSEARCH_URL.name(), ELASTICSEARCH.url().toString());
        return Settings.read(Environment.of(variables));
    }

    private void execute(String sql) throws SQLException {
        try (var connection =
                        DriverManager.getConnection(POSTGRES.jdbcUrl(database), POSTGRES.user(), POSTGRES.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
