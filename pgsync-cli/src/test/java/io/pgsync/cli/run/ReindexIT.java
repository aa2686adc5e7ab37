package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.config.ReindexOrder;
import io.pgsync.runtime.config.ReindexOrder.Action;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** An index is replaced by another one while it is searched, and takes its place back. */
class ReindexIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, String> BEHIND_ALIAS = Map.of("PGSYNC_INDEX_ALIAS", "true");
    private static final Map<String, String> ITSELF = Map.of("PGSYNC_INDEX_ALIAS", "false");

    @TempDir
    private Path directory;

    private final Sinks.Empty<Void> stop = Sinks.empty();
    private final Sinks.Empty<Void> ended = Sinks.empty();
    private Shop shop;
    private ObjectNode before;
    private ObjectNode after;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        shop.execute("INSERT INTO book SELECT n, 'Book ' || n, '2020-01-01', n / 100.0, 1 + n % 4"
                + " FROM generate_series(1000, 2999) n");
        shop.execute("INSERT INTO review SELECT n, n, 1, 3, NULL FROM generate_series(1000, 2999) n");
        before = shop.schema().get(0).deepCopy();
        after = before.deepCopy();
        // Another type for a column, which the engine does not take in place, and a field less.
        after.withObject("/mappings/properties/title").put("type", "keyword");
        ((ObjectNode) after.at("/nodes"))
                .withArray("/columns")
                .removeAll()
                .add("id")
                .add("title");
    }

    @AfterEach
    void closeTheShop() throws Exception {
        stop.tryEmitEmpty();
        shop.close();
    }

    private CompletableFuture<ExitCode> daemon(Map<String, String> settings) throws Exception {
        Commands sync = shop.sync(settings);
        CompletableFuture<ExitCode> daemon =
                CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        // Nobody else would end a command that waits for the daemon.
        daemon.whenComplete((code, failure) -> ended.tryEmitEmpty());
        return daemon;
    }

    private ExitCode reindex(ReindexOrder order) throws Exception {
        return shop.sync(BEHIND_ALIAS).reindex(order, ended.asMono());
    }

    private static ReindexOrder order(Action action) {
        return new ReindexOrder(action, List.of(), ReindexOrder.KEEP);
    }

    /** From now on, commands have the changed file; a daemon that runs keeps the one that it began with. */
    private void change() {
        shop.schema().set(0, after);
    }

    private String index() throws Exception {
        return JSON.readTree(shop.get("/_alias/" + shop.index())).fieldNames().next();
    }

    private JsonNode placement() throws Exception {
        return JSON.readTree(shop.get("/pgsync_state/_doc/" + shop.index() + "%2Findex"))
                .path("_source");
    }

    @Test
    void anotherIndexTakesThePlaceWhileItIsSearchedAndGivesItBack() throws Exception {
        shop.sync(BEHIND_ALIAS).bootstrap();
        String first = shop.index() + "-1";
        String second = shop.index() + "-2";
        assertThat(index()).isEqualTo(first);
        CompletableFuture<ExitCode> daemon = daemon(BEHIND_ALIAS);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(shop.differences(before, first)).isEmpty());
        try (var search = new ConstantSearch(shop);
                var application = new BusyShop(shop)) {
            change();

            assertThat(reindex(ReindexOrder.of())).isEqualTo(ExitCode.OK);

            assertThat(index()).isEqualTo(second);
            application.goesOn();
            assertThat(reindex(order(Action.ROLL_BACK))).isEqualTo(ExitCode.OK);
            assertThat(index()).isEqualTo(first);
            application.goesOn();
            assertThat(search.failures()).isEmpty();
        }
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(shop.differences(before, first)).isEmpty();
            assertThat(shop.differences(after, second)).isEmpty();
        });

        assertThat(reindex(ReindexOrder.of())).isEqualTo(ExitCode.OK);
        assertThat(reindex(order(Action.FINISH))).isEqualTo(ExitCode.OK);

        assertThat(index()).isEqualTo(second);
        assertThat(shop.get("/" + first)).contains("index_not_found");
        assertThat(shop.get("/pgsync_state/_doc/" + first)).contains("\"found\":false");
        // The daemon still has the file from before.
        shop.execute("UPDATE book SET title = 'After all' WHERE id = 1");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(shop.differences(after, second)).isEmpty());
        assertThat(daemon).isNotDone();
        stop.tryEmitEmpty();
        assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void anIndexWithTheNameItselfIsMovedBehindAnAliasAndLosesNothing() throws Exception {
        shop.sync(ITSELF).bootstrap();
        CompletableFuture<ExitCode> daemon = daemon(ITSELF);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(shop.differences(before, shop.index())).isEmpty());
        shop.request("PUT", "/" + shop.index() + "/_alias/" + shop.index() + "-of-mine", "");
        try (var search = new ConstantSearch(shop);
                var application = new BusyShop(shop)) {
            change();

            assertThat(reindex(ReindexOrder.of(shop.index()))).isEqualTo(ExitCode.OK);

            application.goesOn();
            // The index is deleted in the step that gives its name to the alias; a search that is under way fails then.
            assertThat(search.failures())
                    .allSatisfy(failure -> assertThat(failure).contains("\"status\":503"))
                    .hasSizeLessThan(6);
        }
        String moved = shop.index() + "-1";
        assertThat(index()).isEqualTo(shop.index() + "-2");
        assertThat(shop.get("/_alias/" + shop.index() + "-of-mine")).contains(moved);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(shop.differences(before, moved)).isEmpty();
            assertThat(shop.differences(after, shop.index())).isEmpty();
        });
        stop.tryEmitEmpty();
        assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void withoutADaemonTheCommandFollowsUntilTheIndexIsReplaced() throws Exception {
        shop.sync(ITSELF).bootstrap();
        shop.sync(ITSELF).catchUp(Mono.never());
        shop.execute("UPDATE book SET title = 'Not followed yet' WHERE id < 2000");
        change();

        assertThat(reindex(ReindexOrder.of())).isEqualTo(ExitCode.OK);

        assertThat(shop.differences(after, shop.index())).isEmpty();
        assertThat(reindex(order(Action.FINISH))).isEqualTo(ExitCode.OK);
        assertThat(placement().path("obsolete")).isEmpty();
        shop.execute("DELETE FROM book WHERE id = 1500");
        assertThat(shop.sync(BEHIND_ALIAS).catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(shop.differences(after, shop.index())).isEmpty();
    }

    @Test
    void anAbortedReindexLeavesTheIndexAsItWas() throws Exception {
        shop.sync(BEHIND_ALIAS).bootstrap();
        shop.sync(BEHIND_ALIAS).catchUp(Mono.never());
        change();
        // Every document is refused, so the other index never takes the place.
        ((ObjectNode) after.at("/mappings/properties/title")).put("type", "date");

        assertThat(reindex(ReindexOrder.of())).isEqualTo(ExitCode.FAILURE);

        assertThat(index()).isEqualTo(shop.index() + "-1");
        assertThat(placement().at("/reindex/trouble").asText()).isNotEmpty();
        assertThat(reindex(order(Action.ABORT))).isEqualTo(ExitCode.OK);
        assertThat(shop.get("/" + shop.index() + "-2")).contains("index_not_found");
        shop.schema().set(0, before);
        shop.execute("UPDATE book SET title = 'Still followed' WHERE id = 1");
        assertThat(shop.sync(BEHIND_ALIAS).catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(shop.differences(before, shop.index())).isEmpty();
    }

    @Test
    void aFileThatChangesDuringAReindexIsRefusedAndTheReindexGoesOn() throws Exception {
        shop.sync(BEHIND_ALIAS).bootstrap();
        shop.sync(BEHIND_ALIAS).catchUp(Mono.never());
        change();
        assertThat(shop.sync(BEHIND_ALIAS).reindex(ReindexOrder.of(), Mono.empty()))
                .isEqualTo(ExitCode.FAILURE);
        shop.schema().set(0, after.deepCopy().put("routing", "title"));

        Assertions.assertThatThrownBy(() -> reindex(ReindexOrder.of(shop.index())))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("The schema file was changed since then");

        change();
        assertThat(reindex(ReindexOrder.of())).isEqualTo(ExitCode.OK);
        assertThat(shop.differences(after, shop.index())).isEmpty();
    }
}
