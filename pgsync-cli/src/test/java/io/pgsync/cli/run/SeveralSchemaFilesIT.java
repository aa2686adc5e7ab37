package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.failure.SyncException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Two schema files on one database, as PGSync's users have them: neither touches what is the other's. */
class SeveralSchemaFilesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String SLOTS =
            "SELECT slot_name FROM pg_replication_slots WHERE database = current_database() ORDER BY 1";
    private static final String PUBLISHED = "SELECT pubname || ' ' || tablename FROM pg_publication_tables ORDER BY 1";

    @TempDir
    private Path directory;

    private Shop shop;
    private String shelves;
    private Sinks.Empty<Void> stop = Sinks.empty();

    /** The second file shows a table of the first, and one of its own. */
    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        shop.execute("CREATE TABLE shelf (id int PRIMARY KEY, label text, book_id int REFERENCES book);"
                + " INSERT INTO shelf VALUES (1, 'first', 1)");
        shelves = shop.addDocument("""
                {"table": "shelf", "columns": ["id", "label"], "children": [{"table": "book", "columns": ["title"],
                  "relationship": {"variant": "object", "type": "one_to_one"}}]}""");
    }

    @AfterEach
    void closeTheShop() throws Exception {
        stop.tryEmitEmpty();
        for (int document : List.of(0, 1)) {
            // Whichever way a test left them.
            try {
                file(Map.of(), document).tearDown();
            } catch (SyncException shared) {
                assertThat(shared).hasMessageContaining("serves");
            }
        }
        shop.close();
    }

    @Test
    void eachHasASlotAPublicationAndStatesOfItsOwn() throws Exception {
        Commands books = file(Map.of(), 0);
        Commands others = file(Map.of(), 1);
        books.bootstrap();
        List<String> before = shop.list(PUBLISHED);
        CompletableFuture<ExitCode> daemon = follow(books);

        others.bootstrap();
        others.catchUp(Mono.never());
        assertThat(shop.list(SLOTS)).hasSize(2).contains(shop.slot());
        assertThat(shop.list(PUBLISHED)).containsAll(before).hasSize(before.size() + 2);

        shop.execute("UPDATE book SET title = 'Both see it' WHERE id = 1; UPDATE shelf SET label = 'second'");
        others.catchUp(Mono.never());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());

        assertThat(others.bootstrap()).as("repeated").isEqualTo(ExitCode.OK);
        others.tearDown();
        shop.execute("UPDATE book SET title = 'One sees it' WHERE id = 1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences(shop.index())).isEmpty());
        assertThat(shop.list(SLOTS)).containsExactly(shop.slot());
        stop.tryEmitEmpty();
        assertThat(daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    /** Of releases that wrote nothing into the comment. */
    @Test
    void whatAnEarlierReleaseMadeStaysItsOwn() throws Exception {
        Commands books = file(Map.of(), 0);
        books.bootstrap();
        shop.execute("COMMENT ON PUBLICATION " + shop.slot() + " IS NULL");

        file(Map.of(), 1).bootstrap();

        assertThat(shop.list(SLOTS)).hasSize(2).contains(shop.slot());
        assertThat(books.bootstrap()).isEqualTo(ExitCode.OK);
        assertThat(shop.list(SLOTS)).hasSize(2);
        books.catchUp(Mono.never());
        assertThat(shop.differences(shop.index())).isEmpty();
    }

    @Test
    void oneNameForBothIsRefusedBeforeAnythingIsTouched() throws Exception {
        var sameName = Map.of("PGSYNC_SLOT", shop.slot());
        file(sameName, 0).bootstrap();
        List<String> before = shop.list(PUBLISHED);
        String position = shop.confirmed().toString();
        Commands others = file(sameName, 1);

        for (Runnable command : List.<Runnable>of(others::bootstrap, others::tearDown)) {
            assertThatThrownBy(command::run)
                    .isInstanceOf(SyncException.class)
                    .hasMessageContainingAll("slot name", shop.slot(), shop.index(), "Nothing was changed");
        }

        assertThat(shop.list(PUBLISHED)).isEqualTo(before);
        assertThat(shop.confirmed()).hasToString(position);
    }

    @Test
    void aPublicationOfSomebodyElseStaysAsItIs() throws Exception {
        shop.execute("CREATE PUBLICATION others FOR TABLE shelf, book");
        List<String> before = shop.list(PUBLISHED);
        var theirs = Map.of("PGSYNC_PUBLICATION", "others");

        assertThatThrownBy(file(theirs, 0)::bootstrap)
                .isInstanceOf(SyncException.class)
                .hasMessageContainingAll("others", "public.shelf", "publication name", "Nothing was changed");
        file(theirs, 0).tearDown();

        assertThat(shop.list(PUBLISHED)).isEqualTo(before);
        shop.execute("DROP PUBLICATION others");
    }

    @Test
    void aPublicationThatWasMadeForTheFileIsAdopted() throws Exception {
        shop.execute("CREATE PUBLICATION made FOR TABLE book");
        Commands books = file(Map.of("PGSYNC_PUBLICATION", "made"), 0);

        assertThat(books.bootstrap()).isEqualTo(ExitCode.OK);
        books.tearDown();

        assertThat(shop.list(PUBLISHED)).isEmpty();
    }

    @Test
    void aSlotOfSomebodyElseStaysAsItIs() throws Exception {
        file(Map.of(), 0).bootstrap();
        shop.execute("SELECT pg_create_logical_replication_slot('others', 'pgoutput')");
        var theirs = Map.of("PGSYNC_SLOT", "others", "PGSYNC_PUBLICATION", shop.slot());

        for (Runnable command : List.<Runnable>of(file(theirs, 0)::bootstrap, file(theirs, 0)::tearDown)) {
            assertThatThrownBy(command::run)
                    .isInstanceOf(SyncException.class)
                    .hasMessageContainingAll("others", "slot name", "Nothing was changed");
        }

        assertThat(shop.list(SLOTS)).contains("others");
        shop.execute("SELECT pg_drop_replication_slot('others')");
    }

    @Test
    void aFileThatGainsAndLosesDocumentsKeepsItsSlot() throws Exception {
        Commands one = file(Map.of(), 0);
        one.bootstrap();

        file(Map.of(), 0, 1).bootstrap();
        assertThatThrownBy(file(Map.of(), 1)::tearDown).hasMessageContaining(shop.index());
        Commands other = file(Map.of(), 1);
        other.bootstrap();
        other.catchUp(Mono.never());

        assertThat(shop.list(SLOTS)).containsExactly(shop.slot());
        assertThat(shop.list(PUBLISHED)).containsExactly(shop.slot() + " book", shop.slot() + " shelf");
        assertThat(shop.differences(shelves)).isEmpty();
    }

    @Test
    void documentsThatLeaveAFileGoOnWhileAProcessFollowsThem() throws Exception {
        Commands both = file(Map.of(), 0, 1);
        both.bootstrap();
        CompletableFuture<ExitCode> daemon = follow(both);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());

        file(Map.of(), 1).bootstrap();
        shop.execute("UPDATE review SET verdict = 'Still followed' WHERE id = 1");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
        stop.tryEmitEmpty();
        assertThat(daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        file(Map.of(), 1).bootstrap();
        assertThat(shop.list(PUBLISHED)).containsExactly(shop.slot() + " book", shop.slot() + " shelf");
    }

    private CompletableFuture<ExitCode> follow(Commands sync) {
        return CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
    }

    /** A schema file of some of the documents. */
    private Commands file(Map<String, String> more, int... documents) throws IOException {
        ArrayNode some = shop.schema().arrayNode();
        for (int document : documents) {
            JsonNode chosen = shop.schema().get(document);
            some.add(chosen);
        }
        Path file = Files.createTempFile(directory, "schema", ".json");
        Files.writeString(file, some.toString());
        Map<String, String> variables = new HashMap<>(more);
        variables.put("SCHEMA", file.toString());
        return shop.sync(variables);
    }
}
