package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class StatusIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration OVER = Duration.ofSeconds(4);
    private static final double CLOSE = 0.05;
    /** By so much the second look may come later on a busy machine. */
    private static final Duration HELD_UP = Duration.ofSeconds(3);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Nothing listens there. */
    private static final Map<String, String> ENGINE_AWAY =
            Map.of("ELASTICSEARCH_URL", "http://127.0.0.1:9", "PGSYNC_WAL_BUDGET", "1GB");

    @TempDir
    private Path directory;

    private Shop shop;

    @BeforeEach
    void open() throws Exception {
        shop = Shop.open(directory);
        shop.sync(Map.of()).bootstrap();
        shop.execute("CREATE TABLE ballast (text text)");
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
    }

    @Test
    void retainedLogItsGrowthAndTheTimeLeftAreThoseOfTheServer() throws Exception {
        shop.sync(Map.of()).catchUp(Mono.never());
        shop.execute("INSERT INTO ballast SELECT repeat('x', 500) FROM generate_series(1, 40000)");
        var samples = new SlotSamples(shop);
        var status = CompletableFuture.supplyAsync(() -> look(ENGINE_AWAY).wal(), OwnThread.EACH);

        samples.writeAndSampleUntil(status::isDone);

        JsonNode wal = status.get(60, TimeUnit.SECONDS);
        Instant at = Instant.parse(wal.get("at").asText());
        double retained = samples.retainedAt(at);
        assertThat(wal.get("retained_bytes").asDouble()).isCloseTo(retained, within(retained * CLOSE));
        double growth = wal.get("growth_bytes_per_second").asDouble();
        var rates = samples.growthUntil(at, OVER, OVER.plus(HELD_UP));
        assertThat(growth).isBetween(rates.getMin() * (1 - CLOSE), rates.getMax() * (1 + CLOSE));
        double left = (wal.get("budget_bytes").asDouble() - retained) / growth;
        assertThat(wal.get("budget_full_in_seconds").asDouble()).isCloseTo(left, within(left * CLOSE + 1));
        assertThat(wal.at("/cause/kind").asText()).isEqualTo("engine_away");
    }

    @Test
    void tellsALiveDocumentFromOneThatNobodyFollows() throws Exception {
        shop.sync(Map.of()).catchUp(Mono.never());
        Sinks.Empty<Void> stop = Sinks.empty();
        var daemon = CompletableFuture.supplyAsync(() -> sync().follow(stop.asMono()), OwnThread.EACH);

        // This look and not a later one: an idle document is seconds old by turns.
        Look live = await().atMost(PATIENCE).until(() -> look(Map.of()), look -> look.code() == ExitCode.OK);
        stop.tryEmitEmpty();
        daemon.get(60, TimeUnit.SECONDS);
        Look stopped = look(Map.of());

        assertThat(live.document().get("state").asText()).isEqualTo("live");
        assertThat(live.document().get("lag_seconds").asDouble()).isLessThan(15);
        assertThat(live.document().get("refused_documents").asInt()).isZero();
        assertThat(stopped.code()).isEqualTo(ExitCode.FAILURE);
        assertThat(stopped.document().get("state").asText()).isEqualTo("stopped");
        assertThat(stopped.document().get("reason").asText()).contains("no pgsync process");
    }

    @Test
    void aLostSlotIsAGap() throws Exception {
        shop.sync(Map.of()).catchUp(Mono.never());
        shop.execute("SELECT pg_drop_replication_slot('" + shop.slot() + "')");

        Look look = look(Map.of());

        assertThat(look.code()).isEqualTo(ExitCode.GAP);
        assertThat(look.document().get("reason").asText())
                .endsWith("repair it with: pgsync backfill -c " + shop.schemaFile() + " --document " + shop.index());
        assertThat(look.wal().get("wal_status").asText()).isEqualTo("missing");
    }

    private Commands sync() {
        try {
            return shop.sync(Map.of());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private record Look(ExitCode code, JsonNode database) {
        JsonNode wal() {
            return database.get("wal");
        }

        JsonNode document() {
            return database.at("/documents/0");
        }
    }

    private Look look(Map<String, String> more) {
        try {
            var text = new StringWriter();
            var form = new StatusRun.Form(true, OVER, false);
            ExitCode code = new StatusRun(shop.settings(more), new PrintWriter(text), form).print();
            return new Look(code, JSON.readTree(text.toString()).at("/databases/0"));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
