package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.torture.process.PgsyncProcess;
import io.pgsync.torture.server.Servers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Rows that no document can be made of stop neither the other rows of their document nor the other documents. */
class BadRowIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final int MEGABYTE = 1 << 20;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path directory;

    private Shop shop;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        shop.execute("CREATE TABLE note (id int PRIMARY KEY, body text)");
    }

    @AfterEach
    void closeTheShop() throws Exception {
        shop.close();
    }

    @Test
    void aRowThatAFunctionFailsOnIsRefusedAloneByALoadAndWhileFollowing() throws Exception {
        raiseFor("id IN (3, 11)");
        shop.execute("INSERT INTO note SELECT i, 'good' FROM generate_series(1, 10) i");
        String notes = shop.addDocument("{\"table\": \"note\", \"where\": \"chk(id)\"}");
        Commands sync = shop.sync(Map.of());
        sync.bootstrap();
        Sinks.Empty<Void> stop = Sinks.empty();
        var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(notes)).isEqualTo(9));

        shop.execute("INSERT INTO note VALUES (11, 'bad'), (12, 'good')");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(notes)).isEqualTo(10));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences(shop.index())).isEmpty());
        assertThat(refused()).contains("\"id\":\"3\"", "\"id\":\"11\"", "no 3").doesNotContain("\"id\":\"12\"");
        stop.tryEmitEmpty();
        assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void aDocumentThatFailsOnEveryRowIsSetAsideAndTheOthersAreLoaded() throws Exception {
        raiseFor("true");
        shop.execute("INSERT INTO note SELECT i, 'good' FROM generate_series(1, 3000) i");
        shop.addDocument("{\"table\": \"note\", \"where\": \"chk(id)\"}");
        Commands sync = shop.sync(Map.of());
        sync.bootstrap();

        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.CONFIGURATION);

        assertThat(shop.differences(shop.index())).isEmpty();
        assertThat(refused().lines().count()).isLessThan(1_000);
    }

    @Test
    void aRowOfAViewThatHasNoKeyIsRefusedByNameAndStopsNothing() throws Exception {
        shop.execute("ALTER TABLE note ADD code text; CREATE VIEW seen AS SELECT id, body, code FROM note;"
                + " INSERT INTO note VALUES (1, 'good', 'a'), (2, 'bad', NULL)");
        String notes =
                shop.addDocument("{\"table\": \"seen\", \"primary_key\": [\"code\"], \"base_tables\": [\"note\"]}");
        Commands sync = shop.sync(Map.of());
        sync.bootstrap();
        Sinks.Empty<Void> stop = Sinks.empty();
        var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(count(notes)).isEqualTo(1);
            assertThat(refused()).contains("no_key", "1 in all");
        });

        shop.execute("INSERT INTO note VALUES (3, 'bad', NULL), (4, 'good', 'd'), (5, 'good', 'e')");
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(count(notes)).isEqualTo(3);
            assertThat(refused()).contains("one or more");
        });
        shop.execute("UPDATE note SET code = NULL WHERE id = 4; UPDATE note SET code = 'b' WHERE id = 2");

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(shop.get("/" + notes + "/_doc/d")).contains("\"found\":false");
            assertThat(shop.get("/" + notes + "/_doc/b")).contains("\"found\":true");
        });
        stop.tryEmitEmpty();
        assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void aLoadThatStoresNothingDoesNotEndAsIfAllWereWell() throws Exception {
        Commands sync = shop.sync(Map.of("PGSYNC_MAX_DOCUMENT", "1"));
        sync.bootstrap();

        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.CONFIGURATION);

        assertThat(refused()).contains("too_large");
    }

    @Test
    void aRowWiderThanTheHeapCarriesIsRefusedWithItsSize() throws Exception {
        shop.execute(
                "INSERT INTO note VALUES (1, 'small'), (2, repeat('x', %d)), (3, 'small')".formatted(60 * MEGABYTE));
        String notes = shop.addDocument("{\"table\": \"note\"}");
        shop.sync(Map.of()).bootstrap();
        var environment = new HashMap<>(Servers.shared().environment());
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx256m -XX:+ExitOnOutOfMemoryError");
        environment.put("PGSYNC_DEAD_LETTERS", "refused.jsonl");

        try (var daemon = PgsyncProcess.start(directory, environment, "-c", "schema.json", "-d")) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(daemon.isRunning()).as(daemon.output()).isTrue();
                assertThat(count(notes)).isEqualTo(2);
            });
            shop.execute("UPDATE note SET body = repeat('y', %d) WHERE id = 3; INSERT INTO note VALUES (4, 'small')"
                    .formatted(60 * MEGABYTE));
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(daemon.isRunning()).as(daemon.output()).isTrue();
                assertThat(count(notes)).isEqualTo(3);
            });
            assertThat(daemon.stop()).as(daemon.output()).isZero();
        }

        assertThat(refused())
                .contains("\"id\":\"2\"", "\"id\":\"3\"", "too_large")
                .containsPattern("62,\\d{3},\\d{3} bytes");
    }

    private void raiseFor(String condition) throws Exception {
        shop.execute("CREATE FUNCTION chk(id int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF " + condition
                + " THEN RAISE EXCEPTION 'no %', id; END IF; RETURN true; END $$");
    }

    private int count(String index) throws Exception {
        shop.get("/" + index + "/_refresh");
        return JSON.readTree(shop.get("/" + index + "/_count")).path("count").asInt(-1);
    }

    private String refused() throws Exception {
        Path file = directory.resolve("refused.jsonl");
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
