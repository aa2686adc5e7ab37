package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.runtime.config.BackfillOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** An administrator made the publication, and keeps it: it is used as it is, whoever else is on the database. */
class GivenPublicationIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WHOLE = " WITH (publish_via_partition_root = true)";
    private static final String TABLES = "book, publisher, author, book_author, review, reader";
    private static final String PUBLICATIONS =
            "SELECT pubname || ' ' || puballtables || coalesce(' ' || obj_description(oid, 'pg_publication'), '')"
                    + " FROM pg_publication ORDER BY 1";
    private static final String SLOTS =
            "SELECT slot_name FROM pg_replication_slots WHERE database = current_database() ORDER BY 1";

    @TempDir
    private Path directory;

    private Shop shop;
    private String role;
    private String second;

    /** The second file shows what the first one shows, in an index of its own. */
    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        second = shop.addDocument(shop.schema().get(0).path("nodes").toString());
        role = shop.slot() + "_guest";
        shop.execute("CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'guest';"
                + " GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + role);
    }

    @AfterEach
    void closeTheShop() throws Exception {
        for (int document : List.of(0, 1)) {
            file(Map.of("PGSYNC_SLOT", document == 0 ? shop.slot() : own()), document)
                    .tearDown();
        }
        shop.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
        shop.close();
    }

    @Test
    void oneOfAnotherRoleServesAlthoughItsCommentCannotBeWritten() throws Exception {
        shop.execute("CREATE PUBLICATION " + shop.slot() + " FOR TABLE " + TABLES + WHOLE);
        List<String> before = shop.list(PUBLICATIONS);
        Commands guest = file(asGuest(), 0);

        assertThat(guest.bootstrap()).isEqualTo(ExitCode.OK);
        guest.catchUp(Mono.never());
        shop.execute("UPDATE book SET title = 'Seen' WHERE id = 1");
        assertThat(guest.bootstrap()).as("repeated").isEqualTo(ExitCode.OK);
        guest.catchUp(Mono.never());

        assertThat(shop.differences(shop.index())).isEmpty();
        assertThat(shop.list(SLOTS)).containsExactly(shop.slot());
        guest.tearDown();
        assertThat(shop.list(SLOTS)).isEmpty();
        assertThat(shop.list(PUBLICATIONS)).isEqualTo(before);
    }

    @Test
    void oneOfAnotherRoleThatLacksATableIsRefusedBeforeAnythingIsMade() throws Exception {
        shop.execute("CREATE PUBLICATION " + shop.slot() + " FOR TABLE book" + WHOLE);

        assertThatThrownBy(file(asGuest(), 0)::bootstrap)
                .isInstanceOf(SyncException.class)
                .hasMessageContainingAll("belongs to another role", "public.review", "OWNER TO \"" + role + "\"");

        assertThat(shop.list(SLOTS)).isEmpty();
        assertThat(shop.get("/" + shop.index())).contains("index_not_found_exception");
    }

    /** Who puts it back changes nothing about what was not published meanwhile. */
    @Test
    void whatOneOfAnotherRoleLeftOutIsLoadedWhenItsOwnerHasPutTheTableBack() throws Exception {
        shop.execute("CREATE PUBLICATION " + shop.slot() + " FOR TABLE " + TABLES + WHOLE);
        Commands guest = file(asGuest(), 0);
        guest.bootstrap();
        guest.catchUp(Mono.never());
        shop.execute(
                "ALTER PUBLICATION " + shop.slot() + " DROP TABLE review; UPDATE review SET verdict = verdict || '!'");
        assertThatThrownBy(guest::bootstrap).hasMessageContaining("public.review");
        shop.execute("ALTER PUBLICATION " + shop.slot() + " ADD TABLE review");

        assertThat(guest.bootstrap()).isEqualTo(ExitCode.OK);
        guest.catchUp(Mono.never());

        assertThat(shop.differences(shop.index())).isEmpty();
    }

    /** Neither the catalog nor the slot show that changes were not published between two looks. */
    @Test
    void aTableThatLeftAndCameBackWhileNobodyLookedIsNamed() throws Exception {
        Commands file = file(Map.of(), 0);
        file.bootstrap();
        file.catchUp(Mono.never());
        shop.execute(
                "ALTER PUBLICATION " + shop.slot() + " DROP TABLE review; UPDATE review SET verdict = verdict || '!'");
        shop.execute("ALTER PUBLICATION " + shop.slot() + " ADD TABLE review");

        assertThat(file.catchUp(Mono.never())).isEqualTo(ExitCode.GAP);

        assertThat(shop.get("/pgsync_state/_doc/" + shop.index())).contains("PUBLICATION_CHANGED", ": public.review");
        file.backfill(new BackfillOrder(List.of(shop.index()), Optional.empty()), Mono.never());
        assertThat(shop.differences(shop.index())).isEmpty();
    }

    /** A slot may be lost, and then only the states tell whose it was. */
    @Test
    void theNamesOfAFileStayItsOwnWhereNoCommentSaysSo() throws Exception {
        shop.execute("CREATE PUBLICATION " + shop.slot() + " FOR TABLE " + TABLES + WHOLE);
        Commands guest = file(asGuest(), 0);
        guest.bootstrap();
        guest.catchUp(Mono.never());
        shop.execute("SELECT pg_drop_replication_slot('" + shop.slot() + "')");

        Commands other = file(Map.of(), 1);
        other.bootstrap();
        other.catchUp(Mono.never());

        assertThat(shop.list(SLOTS)).containsExactly(own());
        assertThat(shop.list(PUBLICATIONS))
                .anySatisfy(made -> assertThat(made).startsWith(own() + " false [pgsync: slot " + own()))
                .contains(shop.slot() + " false");
        assertThat(shop.differences(second)).isEmpty();
        guest.bootstrap();
        guest.catchUp(Mono.never());
        assertThat(shop.list(SLOTS)).containsExactly(shop.slot(), own());
        assertThat(shop.differences(shop.index())).isEmpty();
    }

    @Test
    void oneForAllTablesServesSeveralFilesAndBelongsToNone() throws Exception {
        shop.execute("CREATE PUBLICATION every FOR ALL TABLES" + WHOLE);
        Map<String, String> every = Map.of("PGSYNC_PUBLICATION", "every");
        Commands books = file(every, 0);
        books.bootstrap();

        assertThatThrownBy(file(every, 1)::bootstrap)
                .isInstanceOf(SyncException.class)
                .hasMessageContainingAll(
                        "serves " + shop.index(),
                        "is for all tables",
                        "Nothing was changed",
                        "Choose " + own() + " as slot name");
        Commands others = file(Map.of("PGSYNC_PUBLICATION", "every", "PGSYNC_SLOT", own()), 1);
        others.bootstrap();
        shop.execute("UPDATE book SET title = 'Seen by both' WHERE id = 1");
        books.catchUp(Mono.never());
        others.catchUp(Mono.never());

        assertThat(shop.differences()).isEmpty();
        books.tearDown();
        assertThat(shop.list(SLOTS)).containsExactly(own());
        others.tearDown();
        assertThat(shop.list(PUBLICATIONS)).containsExactly("every true");
    }

    private String own() {
        return shop.slot() + "_" + second.replace('-', '_');
    }

    private Map<String, String> asGuest() {
        PostgresConnections connections = shop.connections();
        PostgresSettings server = connections.settings();
        connections.close().block(PATIENCE);
        return Map.of(
                "PG_URL",
                "postgresql://%s:guest@%s:%d/%s".formatted(role, server.host(), server.port(), server.database()));
    }

    /** A schema file of one of the documents. */
    private Commands file(Map<String, String> more, int document) throws Exception {
        JsonNode chosen = shop.schema().get(document);
        Path file = Files.createTempFile(directory, "schema", ".json");
        Files.writeString(file, shop.schema().arrayNode().add(chosen).toString());
        Map<String, String> variables = new HashMap<>(more);
        variables.put("SCHEMA", file.toString());
        return shop.sync(variables);
    }
}
