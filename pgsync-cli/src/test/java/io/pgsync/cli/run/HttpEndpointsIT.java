package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.freshness.ReadYourWrites;
import io.pgsync.embedded.LoopbackPort;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Sinks;

class HttpEndpointsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int CLIENTS = Integer.getInteger("pgsync.test.clients", 4);
    private static final int CYCLES = Integer.getInteger("pgsync.test.cycles", 50);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private final int port = LoopbackPort.free();
    private final URI pgsync = URI.create("http://127.0.0.1:" + port);
    private final ReadYourWrites writes = ReadYourWrites.at(pgsync);
    private Shop shop;
    private CompletableFuture<ExitCode> daemon;

    @BeforeEach
    void follow() throws Exception {
        shop = Shop.open(directory);
        Commands sync = shop.sync(Map.of("PGSYNC_HTTP_PORT", Integer.toString(port)));
        sync.bootstrap();
        daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get("/health/ready").statusCode() == 200);
    }

    @AfterEach
    void end() throws Exception {
        stop.tryEmitEmpty();
        assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
        shop.close();
    }

    @Test
    void tellsHealthMetricsAndStatus() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/nothing").statusCode()).isEqualTo(404);
        assertThat(get("/metrics").body())
                .contains(
                        "pgsync_documents_total{", "outcome=\"stored\"", "pgsync_lag_seconds{", "jvm_memory_used_bytes")
                .containsPattern("pgsync_loaded\\{.*} 1\\.0");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(get("/metrics").body()).containsPattern("pgsync_wal_retained_bytes\\{.*} [1-9]"));
        // From the state index, which is written twice a second.
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(JSON.readTree(get("/status").body())
                                .at("/databases/0/documents/0/state")
                                .asText())
                        .isEqualTo("live"));
    }

    @Test
    void refusesWhatItCannotWaitFor() throws Exception {
        assertThat(get("/wait").statusCode()).isEqualTo(400);
        assertThat(get("/wait?lsn=nonsense").statusCode()).isEqualTo(400);
        assertThat(get("/wait?lsn=0/1&timeout=soon").body()).contains("not a number of seconds");
        assertThat(get("/wait?lsn=FFFF/0").body()).contains("ahead of the server's log");
        assertThat(get("/wait?lsn=0/1&index=other").statusCode()).isEqualTo(404);
        assertThat(get("/wait?lsn=0/1").statusCode()).isEqualTo(200);
        assertThat(writes.awaitReadable(Lsn.parse("0/1"), "other", PATIENCE))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatWasCommittedBeforeTheWaitIsReadAfterIt() throws Exception {
        shop.execute("INSERT INTO book (id, title, price) SELECT 1000 + n, 'new', 1 FROM generate_series(1, 64) n");
        List<Callable<List<Long>>> clients = new ArrayList<>();
        for (int client = 1; client <= CLIENTS; client++) {
            int id = 1000 + client;
            clients.add(() -> cycles(id));
        }
        List<Long> micros = new ArrayList<>();
        var threads = Executors.newFixedThreadPool(CLIENTS);
        for (Future<List<Long>> client : threads.invokeAll(clients)) {
            micros.addAll(client.get());
        }
        threads.shutdown();

        micros.sort(Long::compare);
        System.getLogger("HttpEndpointsIT")
                .log(
                        System.Logger.Level.INFO,
                        "median wait {0} us of {1}",
                        micros.get(micros.size() / 2),
                        micros.size());
        assertThat(micros).hasSize(CLIENTS * CYCLES);
        // Far from what it takes, but below the half second of a checkpoint that it must not wait for.
        assertThat(micros.get(micros.size() / 2)).isLessThan(400_000);
    }

    @Test
    void theHelperWaitsToo() throws Exception {
        for (int cycle = 0; cycle < 20; cycle++) {
            String title = "title " + cycle;
            shop.execute("UPDATE book SET title = '" + title + "' WHERE id = 1");

            Lsn committed = shop.position();
            assertThat(writes.awaitReadable(committed, shop.index(), PATIENCE))
                    .succeedsWithin(PATIENCE)
                    .matches(stored -> !committed.isAfter(stored));
            assertThat(shop.document("1")).contains('"' + title + '"');
        }
    }

    @Test
    void withRefreshItIsFoundBySearchesToo() throws Exception {
        shop.execute("UPDATE book SET title = 'Searched' WHERE id = 1");

        assertThat(wait("&refresh=true&index=" + shop.index(), shop.position().toString())
                        .statusCode())
                .isEqualTo(200);

        assertThat(shop.get("/" + shop.index() + "/_search?q=title:Searched")).contains("\"value\":1");
    }

    private List<Long> cycles(int book) throws Exception {
        try (var client = new CommittingClient(shop, pgsync, book)) {
            return client.cycle(CYCLES);
        }
    }

    private HttpResponse<String> wait(String more, String lsn) throws Exception {
        return get("/wait?lsn=" + lsn + "&timeout=60" + more);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(pgsync.resolve(path)).build(), BodyHandlers.ofString());
    }
}
