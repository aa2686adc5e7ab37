package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.runtime.config.BackfillOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Documents that were damaged behind pgsync's back, and changes that it missed, are repaired by the command that is for it. */
class BackfillIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Shop shop;
    private Commands sync;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        sync = shop.sync(Map.of());
        sync.bootstrap();
    }

    @AfterEach
    void closeTheShop() throws Exception {
        shop.close();
    }

    @Test
    void aDaemonRepairsAPartThenTheWhole() throws Exception {
        Sinks.Empty<Void> stop = Sinks.empty();
        var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        awaitFirstLoad();
        damage();

        assertThat(backfill(Optional.of("id IN (2, 4) -- as seen"))).isEqualTo(ExitCode.OK);

        assertThat(shop.document("2")).contains("price");
        assertThat(shop.document("4")).contains("price");
        assertThat(shop.document("3")).contains("damaged");
        assertThat(shop.document("999")).contains("orphan");

        assertThat(backfill(Optional.empty())).isEqualTo(ExitCode.OK);

        assertThat(shop.differences()).isEmpty();
        assertThat(daemon).isNotDone();
        stop.tryEmitEmpty();
        assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void withoutADaemonTheCommandRepairsByItself() throws Exception {
        sync.catchUp(Mono.never());
        damage();

        assertThat(backfill(Optional.of("id IN (2, 4)"))).isEqualTo(ExitCode.OK);

        assertThat(shop.document("2")).contains("price");
        assertThat(shop.document("3")).contains("damaged");

        assertThat(backfill(Optional.empty())).isEqualTo(ExitCode.OK);

        assertThat(shop.differences()).isEmpty();
    }

    @Test
    void aConditionThatFailsOnARowEndsTheLoadAndNotTheDaemon() throws Exception {
        Sinks.Empty<Void> stop = Sinks.empty();
        var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        awaitFirstLoad();

        assertThatThrownBy(() -> backfill(Optional.of("1 / (id - id) = 1"))).hasMessageContaining("division by zero");

        shop.execute("UPDATE book SET title = 'Still followed' WHERE id = 1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.document("1")).contains("Still followed"));
        stop.tryEmitEmpty();
        assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void aPartOfWhichEverythingIsRefusedIsNoSuccess() throws Exception {
        sync.catchUp(Mono.never());
        Commands refusing = shop.sync(Map.of("PGSYNC_MAX_DOCUMENT", "1"));

        assertThat(refusing.backfill(
                        new BackfillOrder(List.of(shop.index()), Optional.of("id IN (2, 4)")), Mono.never()))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(backfill(Optional.of("id IN (2, 4)"))).isEqualTo(ExitCode.OK);
        assertThat(shop.differences()).isEmpty();
    }

    @Test
    void asksNothingThatCannotBeDone() {
        assertThatThrownBy(() -> backfill(Optional.of("no_such_column = 1")))
                .hasMessageContaining("no_such_column")
                .hasMessageContaining("columns of \"public.book\"");
        assertThatThrownBy(() -> sync.backfill(new BackfillOrder(List.of("nothing"), Optional.empty()), Mono.never()))
                .hasMessageContaining("nothing")
                .hasMessageContaining(shop.index());
    }

    @Test
    void aStopLeavesTheRequestToTheNextRun() throws Exception {
        sync.catchUp(Mono.never());
        damage();

        ExitCode stopped = sync.backfill(new BackfillOrder(List.of(shop.index()), Optional.empty()), Mono.empty());
        assertThat(stopped).isEqualTo(ExitCode.FAILURE);

        sync.catchUp(Mono.never());
        assertThat(shop.differences()).isEmpty();
    }

    @Test
    void aLoadShowsMaterializedViewsAsTheyAreNow() throws Exception {
        shop.execute("CREATE MATERIALIZED VIEW title AS SELECT id, title FROM book");
        shop.execute("INSERT INTO book (id, title, price) VALUES (500, 'Newer than the view', 1)");
        sync.catchUp(Mono.never());
        String titles =
                shop.addDocument("{\"table\": \"title\", \"primary_key\": [\"id\"], \"columns\": [\"id\", \"title\"]}");
        sync = shop.sync(Map.of());
        sync.bootstrap();

        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);

        assertThat(shop.get("/" + titles + "/_doc/500")).contains("Newer than the view");
    }

    @Test
    void anIndexOfOthersThatMapsNothingFindsItsDocumentsByTheirKeysAllTheSame() throws Exception {
        sync.tearDown();
        shop.request("DELETE", "/" + shop.index(), "");
        shop.request("PUT", "/" + shop.index(), "{\"mappings\": {\"dynamic\": false}}");
        shop.request("PUT", "/" + shop.index() + "/_doc/999?refresh=true", "{\"title\": \"orphan\"}");
        sync.bootstrap();
        sync.catchUp(Mono.never());

        shop.execute("DELETE FROM review WHERE book_id = 2");
        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);

        assertThat(shop.differences()).isEmpty();
    }

    @Test
    void whoeverBootstrapsAgainWritesAsANewerGenerationThanTheIndexHasSeen() throws Exception {
        for (int generation = 1; generation <= 6; generation++) {
            sync.catchUp(Mono.never());
        }
        sync.tearDown();
        shop.execute("UPDATE book SET title = 'After the teardown' WHERE id = 1; DELETE FROM review WHERE book_id = 2");
        sync.bootstrap();

        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);

        assertThat(shop.differences()).isEmpty();
    }

    /** A clone has the versions of its original, and neither its aliases nor a state. */
    @Test
    void whoeverBootstrapsACloneWritesAsANewerGenerationThanItsDocuments() throws Exception {
        for (int generation = 1; generation <= 3; generation++) {
            sync.catchUp(Mono.never());
        }
        sync.tearDown();
        String copy = shop.index() + "_copy";
        cloneIndex(shop.index(), copy);
        shop.request("DELETE", "/" + shop.index(), "");
        cloneIndex(copy, shop.index());
        shop.request("DELETE", "/" + copy, "");
        shop.execute("UPDATE book SET title = 'After the clone' WHERE id = 1; DELETE FROM review WHERE book_id = 2");
        sync.bootstrap();

        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);

        assertThat(shop.differences()).isEmpty();
    }

    private void cloneIndex(String from, String to) throws Exception {
        shop.request("PUT", "/" + from + "/_settings", "{\"index.blocks.write\": true}");
        assertThat(shop.request("PUT", "/" + from + "/_clone/" + to, "{\"settings\": {\"index.blocks.write\": false}}"))
                .contains("\"shards_acknowledged\":true");
        assertThat(shop.get("/_alias/" + to + "*")).doesNotContain("pgsync_g");
    }

    /** Not only the documents: until the state says so too, a part cannot be told from the load of the whole. */
    private void awaitFirstLoad() {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(shop.differences()).isEmpty();
            assertThat(shop.get("/pgsync_state/_doc/" + shop.index())).contains("\"phase\":\"DONE\"");
        });
    }

    private ExitCode backfill(Optional<String> where) {
        return sync.backfill(new BackfillOrder(List.of(shop.index()), where), Mono.never());
    }

    /** Two documents are overwritten, one is deleted, and one is added that never had a root. */
    private void damage() throws Exception {
        String documents = "/" + shop.index() + "/_doc/";
        shop.request("PUT", documents + "2", "{\"title\": \"damaged\"}");
        shop.request("PUT", documents + "3", "{\"title\": \"damaged\"}");
        shop.request("DELETE", documents + "4", "");
        shop.request("PUT", documents + "999", "{\"title\": \"orphan\"}");
        assertThat(shop.document("2")).contains("damaged");
        assertThat(shop.document("4")).isEmpty();
    }
}
