package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.runtime.config.VerifyOrder;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** What somebody did to the index is found, all of it and nothing else, while the tables change. */
class VerifyIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    /** With the twelve of the shop. */
    private static final int BOOKS = 2_012;

    private static final VerifyOrder REPAIR =
            new VerifyOrder(List.of(), Optional.empty(), 1, OptionalInt.empty(), true);

    @TempDir
    private Path directory;

    private Shop shop;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        shop.execute("INSERT INTO book SELECT n, 'Book ' || n, '2020-01-01', n / 100.0, 1 + n % 4"
                + " FROM generate_series(1000, 2999) n");
        shop.execute("INSERT INTO review SELECT n, n, 1, 3, NULL FROM generate_series(1000, 2999) n");
        shop.sync(Map.of()).bootstrap();
        shop.sync(Map.of()).catchUp(Mono.never());
    }

    @AfterEach
    void closeTheShop() throws Exception {
        shop.close();
    }

    private record Verified(ExitCode code, JsonNode index) {
        long count(String name) {
            return index.path(name).asLong();
        }

        Map<String, String> differences() {
            return index.path("differences")
                    .valueStream()
                    .collect(Collectors.toMap(
                            found -> found.path("id").asText(),
                            found -> found.path("kind").asText()));
        }
    }

    private Verified verify(VerifyOrder order) throws Exception {
        var out = new StringWriter();
        var run = new VerifyRun(shop.settings(Map.of()), Terminal.standardError(), new PrintWriter(out), true);
        ExitCode code = run.verify(order, Mono.never());
        return new Verified(code, JSON.readTree(out.toString()).path("indexes").path(0));
    }

    @Test
    void onlyWhatIsReallyWrongIsFoundWhileTheTablesChange() throws Exception {
        Sinks.Empty<Void> stop = Sinks.empty();
        Commands sync = shop.sync(Map.of());
        var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        try (var application = new BusyShop(shop)) {
            for (int look = 0; look < 3; look++) {
                Verified clean = verify(VerifyOrder.of());
                assertThat(clean.index().toString()).contains("\"differences\":[]");
                assertThat(clean.code()).isEqualTo(ExitCode.OK);
                assertThat(clean.count("compared")).isGreaterThan(1_000);
                application.goesOn();
            }
            DamagedDocuments.in(shop);

            Verified found = verify(VerifyOrder.of(shop.index()));

            assertThat(found.code()).isEqualTo(ExitCode.GAP);
            assertThat(found.differences()).isEqualTo(DamagedDocuments.KINDS);
            assertThat(found.index().toString()).contains("\"paths\":[\"publisher.name\"]");

            Verified repaired = verify(REPAIR);

            assertThat(repaired.code()).isEqualTo(ExitCode.OK);
            assertThat(repaired.count("differing")).isEqualTo(6);
            assertThat(repaired.count("repaired")).isEqualTo(6);
            assertThat(verify(VerifyOrder.of()).differences()).isEmpty();
            assertThat(daemon).isNotDone();
        } finally {
            stop.tryEmitEmpty();
        }
        assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void withoutADaemonTheCommandFollowsWhileItVerifies() throws Exception {
        shop.execute("UPDATE book SET title = 'Not followed yet' WHERE id < 2000; DELETE FROM review WHERE id > 2500");

        Verified clean = verify(VerifyOrder.of());

        assertThat(clean.differences()).isEmpty();
        assertThat(clean.code()).isEqualTo(ExitCode.OK);
        assertThat(clean.count("compared")).isEqualTo(BOOKS);
        assertThat(shop.document("1500")).contains("Not followed yet");
        var damaged = DamagedDocuments.in(shop);
        assertThat(verify(new VerifyOrder(List.of(shop.index()), Optional.of("id < 4"), 1, OptionalInt.empty(), false))
                        .differences())
                .containsOnlyKeys("2", "3");
        Verified repaired = verify(REPAIR);
        assertThat(repaired.count("repaired")).isEqualTo(6);
        assertThat(repaired.code()).isEqualTo(ExitCode.OK);
        damaged.assertThatTheyAreRepaired();
        Verified sample = verify(new VerifyOrder(List.of(), Optional.empty(), 0.05, OptionalInt.of(5_000), false));
        assertThat(sample.count("compared")).isBetween(50L, 250L);
    }

    @Test
    void anIndexThatCannotBeComparedSaysWhy() throws Exception {
        shop.request("PUT", "/" + shop.index() + "/_settings", "{\"index.default_pipeline\": \"not_there\"}");
        DamagedDocuments.in(shop);
        Verified found = verify(VerifyOrder.of());
        assertThat(found.differences()).containsOnlyKeys("4", "999", "99999999999", "no key");
        assertThat(found.index().path("only_ids_because").asText()).contains("not_there");

        assertThatThrownBy(() -> verify(VerifyOrder.of("nothing"))).hasMessageContaining(shop.index());
        shop.execute("SELECT pg_drop_replication_slot('" + shop.slot() + "')");
        assertThatThrownBy(() -> verify(VerifyOrder.of())).hasMessageContaining("pgsync backfill");
    }

    /** Documents with a routing lie on shards that their ids do not tell; rows of a view have no versions. */
    @Test
    void documentsOfOtherShapesAreComparedToo() throws Exception {
        shop.execute("CREATE VIEW cheap AS SELECT id, title, price / 3 AS share FROM book WHERE price < 15");
        String routed = shop.addDocument("{\"table\": \"review\", \"columns\": [\"id\", \"stars\", \"book_id\"],"
                + " \"where\": \"stars > 2\"}");
        ((ObjectNode) shop.schema().get(1))
                .put("routing", "book_id")
                .putObject("setting")
                .put("number_of_shards", 3);
        String view = shop.addDocument("{\"table\": \"cheap\", \"primary_key\": [\"id\"], \"base_tables\": [\"book\"],"
                + " \"columns\": [\"title\", \"share\"]}");
        shop.sync(Map.of()).bootstrap();
        assertThatThrownBy(() -> verify(VerifyOrder.of(routed))).hasMessageContaining("is being loaded");
        shop.sync(Map.of()).catchUp(Mono.never());
        assertThat(verify(VerifyOrder.of(routed)).differences()).isEmpty();
        assertThat(verify(VerifyOrder.of(view)).differences()).isEmpty();

        shop.request("DELETE", "/" + routed + "/_doc/1?routing=1", "");
        shop.request("PUT", "/" + routed + "/_doc/3?routing=elsewhere", "{\"stars\": 0}");
        shop.request("PUT", "/" + routed + "/_doc/4?routing=4", "{\"stars\": 0}");
        shop.request("DELETE", "/" + view + "/_doc/1", "");
        shop.request("POST", "/" + routed + "/_refresh", "");

        assertThat(verify(VerifyOrder.of(routed)).differences()).containsOnlyKeys("1", "3", "4");
        assertThat(verify(VerifyOrder.of(view)).differences()).isEqualTo(Map.of("1", "missing"));
        assertThat(verify(REPAIR).code()).isEqualTo(ExitCode.OK);
        assertThat(verify(VerifyOrder.of(routed)).differences()).isEmpty();
        assertThat(shop.get("/" + routed + "/_doc/1?routing=1")).contains("\"stars\" : 5");
        shop.request("POST", "/" + routed + "/_refresh", "");
        assertThat(shop.get("/" + routed + "/_search?q=stars:0")).contains("\"total\":{\"value\":0");
    }
}
