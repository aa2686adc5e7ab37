package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Sinks;

/** Tables change their form while a daemon follows two documents: "books", which shows them, and another one, which does not. */
class SchemaDriftIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private Shop shop;
    private String shelves;
    private Sinks.Empty<Void> stop = Sinks.empty();
    private CompletableFuture<ExitCode> daemon = CompletableFuture.completedFuture(ExitCode.OK);

    /** What is done to the tables, and how a person corrects the schema file afterwards. */
    private enum Change {
        DROPPED_COLUMN(
                "ALTER TABLE author DROP COLUMN born; UPDATE author SET name = name || '!'",
                "column \\\"born\\\" of \\\"public.author\\\", which is gone",
                nodes -> ((ArrayNode) children(nodes).get(1).get("columns")).remove(1)),
        RENAMED_COLUMN(
                "ALTER TABLE publisher RENAME COLUMN city TO town; UPDATE publisher SET town = 'Oslo' WHERE id = 1",
                "column \\\"city\\\" of \\\"public.publisher\\\", which is gone",
                nodes -> ((ArrayNode) children(nodes).get(0).get("columns")).set(1, "town")),
        RETYPED_COLUMN(
                "ALTER TABLE review ALTER stars TYPE text; UPDATE review SET stars = '1' WHERE id = 1",
                "column \\\"stars\\\" of \\\"public.review\\\", which was integer and is now text",
                nodes -> {}),
        RETYPED_COLUMN_OF_ROWS_THAT_STAY(
                "ALTER TABLE review ALTER stars TYPE text", "which was integer and is now text", nodes -> {}),
        REPLACED_COLUMN(
                "ALTER TABLE author DROP COLUMN born; ALTER TABLE author ADD COLUMN born integer",
                "column \\\"born\\\" of \\\"public.author\\\", which was dropped and added again",
                nodes -> {}),
        DROPPED_TABLE(
                "DROP TABLE review; UPDATE book SET price = price + 1",
                "needs \\\"public.review\\\", which is gone",
                nodes -> ((ArrayNode) children(nodes)).remove(2)),
        /** Version 14 has no row filters. */
        FILTERED_TABLE("""
                DO $$
                DECLARE
                    name text := 'pgsync_' || current_database();
                BEGIN
                    EXECUTE format('ALTER PUBLICATION %I DROP TABLE review', name);
                    IF current_setting('server_version_num')::int >= 150000 THEN
                        EXECUTE format('ALTER PUBLICATION %I ADD TABLE review WHERE (id > 3)', name);
                    END IF;
                END $$;
                UPDATE review SET stars = 1 WHERE id = 1""", "needs \\\"public.review\\\", ", nodes -> {}),
        RECREATED_TABLE("""
                DROP TABLE review;
                CREATE TABLE review (id int PRIMARY KEY, book_id int NOT NULL REFERENCES book, reader_id int REFERENCES reader,
                                     stars int NOT NULL, verdict text);
                INSERT INTO review VALUES (1, 1, NULL, 3, 'again')""", "needs \\\"public.review\\\", which is no longer in publication", nodes -> {});

        private final String sql;
        private final String words;
        private final Consumer<ObjectNode> correction;

        Change(String sql, String words, Consumer<ObjectNode> correction) {
            this.sql = sql;
            this.words = words;
            this.correction = correction;
        }

        /** A table that was created again has its old form, and is not published. */
        private Kind kind() {
            return this == RECREATED_TABLE || this == FILTERED_TABLE ? Kind.UNPUBLISHED : Kind.SCHEMA_DRIFT;
        }

        private static JsonNode children(ObjectNode nodes) {
            return nodes.get("children");
        }
    }

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        shop.execute(
                "CREATE TABLE shelf (id int PRIMARY KEY, label text, spare int); INSERT INTO shelf VALUES (1, 'first', 1)");
    }

    @AfterEach
    void closeTheShop() throws Exception {
        stop.tryEmitEmpty();
        await().atMost(PATIENCE).until(daemon::isDone);
        shop.close();
    }

    @ParameterizedTest
    @EnumSource
    void whatTouchesADocumentStopsItAloneUntilItIsBootstrapped(Change change) throws Exception {
        shelves = shop.addDocument("{\"table\": \"shelf\", \"columns\": [\"id\", \"label\"]}");
        followed();

        shop.execute(change.sql);

        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(state(shop.index())).contains(change.kind().name(), change.words));
        theOthersGoOn("while it is stopped");
        theSlotMovesOn();
        assertThat(status())
                .contains("\"divergence\":\"" + change.kind().word() + "\"", "\"state\":\"live\"", "pgsync bootstrap");
        assertThat(stopped()).isEqualTo(ExitCode.OK);

        // The same schema file, which does not even fit the tables where something is gone.
        follow();
        theOthersGoOn("after a restart");
        assertThat(state(shop.index())).contains(change.kind().name());
        assertThat(stopped()).isEqualTo(ExitCode.OK);

        change.correction.accept((ObjectNode) shop.schema().get(0).get("nodes"));
        shop.sync(Map.of()).bootstrap();
        follow();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
        assertThat(state(shop.index())).doesNotContain("\"gap\"");
    }

    @Test
    void whatTouchesNoDocumentPasses() throws Exception {
        shelves = shop.addDocument("{\"table\": \"shelf\", \"columns\": [\"id\", \"label\"]}");
        followed();

        shop.execute("ALTER TABLE book ADD COLUMN isbn text DEFAULT 'unknown', ADD COLUMN weight int");
        shop.execute("UPDATE book SET isbn = '1', title = 'Heavier' WHERE id = 1");
        shop.execute("ALTER TABLE book DROP COLUMN weight");
        shop.execute("ALTER TABLE shelf DROP COLUMN spare; ALTER TABLE author RENAME CONSTRAINT author_pkey TO other");
        shop.execute("UPDATE author SET name = name || '!'; UPDATE book SET title = 'Lighter' WHERE id = 2");
        shop.execute("ALTER TABLE review ALTER stars TYPE bigint; UPDATE review SET stars = 2 WHERE id = 1");
        shop.execute("CREATE TABLE stranger (id int PRIMARY KEY); DROP TABLE stranger");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
        theOthersGoOn("as before");
        assertThat(state(shop.index()) + state(shelves)).doesNotContain("\"gap\"");
        assertThat(daemon).isNotDone();
    }

    @Test
    void aNodeOfAllColumnsGoesOnWithThoseThatItHadAtTheStart() throws Exception {
        shelves = shop.addDocument("{\"table\": \"shelf\"}");
        followed();

        shop.execute("ALTER TABLE shelf ADD COLUMN colour text DEFAULT 'red'; UPDATE shelf SET label = 'painted'");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.get("/" + shelves + "/_doc/1"))
                        .contains("painted")
                        .doesNotContain("colour"));
        assertThat(state(shelves)).doesNotContain("\"gap\"");
    }

    @Test
    void theLastDocumentEndsTheProcess() throws Exception {
        followed();

        shop.execute(
                "ALTER TABLE publisher RENAME COLUMN city TO town; UPDATE publisher SET town = 'Oslo' WHERE id = 1");

        assertThatThrownBy(() -> daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .hasMessageContaining("/nodes/children/0")
                .hasMessageContaining("\"city\"")
                .hasMessageContaining("pgsync bootstrap")
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP));
        assertThatThrownBy(() -> shop.sync(Map.of()).catchUp(stop.asMono())).hasMessageContaining("\"city\"");
        daemon = CompletableFuture.completedFuture(ExitCode.CONFIGURATION);
        ((ArrayNode) shop.schema().at("/0/nodes/children/0/columns")).set(1, "town");
    }

    private void followed() throws Exception {
        shop.sync(Map.of()).bootstrap();
        follow();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(shop.differences()).isEmpty();
            assertThat(state(shop.index())).contains("\"phase\":\"DONE\"");
        });
    }

    private void follow() throws Exception {
        stop = Sinks.empty();
        var sync = shop.sync(Map.of());
        daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
    }

    private ExitCode stopped() throws Exception {
        stop.tryEmitEmpty();
        return daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void theOthersGoOn(String label) throws Exception {
        shop.execute("UPDATE shelf SET label = '" + label + "'");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences(shelves)).isEmpty());
    }

    private void theSlotMovesOn() throws Exception {
        Lsn now = shop.position();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.confirmed()).isGreaterThanOrEqualTo(now));
    }

    private String state(String index) throws Exception {
        return shop.get("/pgsync_state/_doc/" + index);
    }

    private String status() throws Exception {
        var out = new StringWriter();
        new StatusRun(
                        shop.settings(Map.of()),
                        new PrintWriter(out),
                        new StatusRun.Form(true, Duration.ofMillis(100), false))
                .print();
        return out.toString();
    }
}
