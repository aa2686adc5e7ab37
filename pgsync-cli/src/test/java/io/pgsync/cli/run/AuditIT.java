package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.config.ElasticsearchConfig;
import io.pgsync.cli.config.PostgresConfig;
import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.runtime.Pgsync;
import io.pgsync.runtime.config.AuditRate;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.SchemaText;
import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.report.AuditStatus;
import io.pgsync.runtime.report.AuditStatus.Round;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import io.pgsync.runtime.report.VerifiedIndex;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Sinks;

/** A daemon finds by itself what somebody did to the index, and repairs it, while the tables change. */
class AuditIT {
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    /** A thousand documents a second. */
    private static final AuditRate FAST = new AuditRate(1e6);

    @TempDir
    private Path directory;

    private Shop shop;
    private Pgsync pgsync;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        shop.execute("INSERT INTO book SELECT n, 'Book ' || n, '2020-01-01', n / 100.0, 1 + n % 4"
                + " FROM generate_series(1000, 2999) n; ANALYZE book");
        Settings settings = shop.settings(Map.of());
        pgsync = Pgsync.of(PgsyncConfig.builder(SchemaText.of(shop.schemaFile()))
                .aliases(settings.flag(Setting.PGSYNC_INDEX_ALIAS))
                .postgres(database -> PostgresConfig.from(settings, database))
                .elasticsearch(ElasticsearchConfig.from(settings))
                .deadLetters(directory.resolve("refused.jsonl"))
                .audit(FAST)
                .build());
        pgsync.bootstrap().block(PATIENCE);
        pgsync.catchUp().block(PATIENCE);
    }

    @AfterEach
    void closeTheShop() throws Exception {
        shop.close();
    }

    private final class Daemon implements AutoCloseable {
        private final Sinks.Empty<Void> stop = Sinks.empty();
        private final List<FollowedDatabase> followed = new CopyOnWriteArrayList<>();
        private final CompletableFuture<List<RunFigures>> end =
                pgsync.follow(stop.asMono(), followed::addAll).toFuture();

        IndexFigures figures() {
            await().atMost(PATIENCE).until(() -> !followed.isEmpty() || end.isDone());
            return followed.get(0).figures().indexes().get(shop.index());
        }

        @Override
        public void close() {
            stop.tryEmitEmpty();
            end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        }
    }

    private AuditStatus status() {
        return pgsync.status(Duration.ofMillis(50))
                .block(PATIENCE)
                .get(0)
                .documents()
                .get(0)
                .audit()
                .orElseThrow();
    }

    @Test
    void whatIsWrongIsFoundAndRepairedWhileTheTablesChange() throws Exception {
        var damaged = DamagedDocuments.in(shop);

        try (var daemon = new Daemon();
                var application = new BusyShop(shop)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(daemon.figures().audited().repaired()).isEqualTo(6));
            application.goesOn();

            assertThat(daemon.figures().audited().different()).isEqualTo(2);
            assertThat(daemon.figures().audited().missing()).isEqualTo(1);
            damaged.assertThatTheyAreRepaired();
            assertThat(verified().differences()).isEmpty();
        }
    }

    @Test
    void otherProcessesSeeItAndTheNextOneGoesOn() throws Exception {
        try (var daemon = new Daemon()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(daemon.figures().audit().flatMap(AuditStatus::last))
                            .isPresent());
        }
        AuditStatus known = status();
        Round whole = known.last().orElseThrow();
        assertThat(whole.compared()).isEqualTo(2_012);
        assertThat(whole.differing()).isZero();
        assertThat(known.expected()).isGreaterThan(1_000);
        assertThat(known.position().value()).isPositive();

        try (var next = new Daemon()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(next.figures().audit()).isPresent());
            Round now = next.figures().audit().orElseThrow().round();
            assertThat(List.of(now.began(), known.round().began()))
                    .as("the same round, or the one after it, but no first one")
                    .isSorted();
            assertThat(next.figures().audit().orElseThrow().last()).isPresent();
        }
    }

    private VerifiedIndex verified() {
        return pgsync.verify(VerifyOrder.of()).block(PATIENCE).get(0);
    }
}
