package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.embedded.LoopbackPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A schema file over two databases: one whose documents are all set aside is told of everywhere, and the other is followed. */
class SetAsideDatabaseIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String DRIFT = "ALTER TABLE publisher RENAME COLUMN city TO town";
    private static final String UNDONE = "ALTER TABLE publisher RENAME COLUMN town TO city";

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port = LoopbackPort.free();
    private Shop good;
    private Shop bad;
    private Sinks.Empty<Void> stop = Sinks.empty();
    private CompletableFuture<ExitCode> daemon = CompletableFuture.completedFuture(ExitCode.OK);

    @BeforeEach
    void followBoth() throws Exception {
        good = Shop.open(Files.createDirectory(directory.resolve("good")));
        bad = Shop.open(directory);
        bad.schema().addAll(good.schema());
        bad.sync(Map.of()).bootstrap();
        follow();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(get("/health/ready")).contains(name(bad) + "\":\"fol", name(good) + "\":\"fol"));
        bad.execute(DRIFT);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(get("/health/ready")).contains(name(bad) + "\":\"schema-drift"));
    }

    @AfterEach
    void closeTheShops() throws Exception {
        stop.tryEmitEmpty();
        await().atMost(PATIENCE).until(daemon::isDone);
        bad.close();
        good.close();
    }

    @Test
    void theOtherDatabaseIsFollowedAndThisOneToldOf() throws Exception {
        theOtherGoesOn("while it is set aside");
        theSlotMovesOn();
        isToldOf();
        assertThat(stopped()).isEqualTo(ExitCode.OK);

        // Its document does not fit the tables, so there is nothing of it that could be followed.
        follow();
        theOtherGoesOn("after a restart");
        theSlotMovesOn();
        isToldOf();
        assertThat(stopped()).isEqualTo(ExitCode.OK);
        assertThat(bad.sync(Map.of()).catchUp(Mono.never())).isEqualTo(ExitCode.CONFIGURATION);

        bad.execute(UNDONE);
        follow();
        theOtherGoesOn("though it fits again");
        theSlotMovesOn();
        isToldOf();
        assertThat(stopped()).isEqualTo(ExitCode.OK);
        assertThat(bad.sync(Map.of()).catchUp(Mono.never())).isEqualTo(ExitCode.CONFIGURATION);

        bad.sync(Map.of()).bootstrap();
        follow();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(bad.differences(bad.index())).isEmpty());
        assertThat(state(bad)).doesNotContain("SCHEMA_DRIFT");
    }

    @Test
    void aSlotThatNoDocumentNeedsMayBeGone() throws Exception {
        assertThat(stopped()).isEqualTo(ExitCode.OK);
        bad.execute("SELECT pg_drop_replication_slot('" + bad.slot() + "')");
        bad.execute(UNDONE);

        follow();

        theOtherGoesOn("without the slot");
        isToldOf();
        assertThat(stopped()).isEqualTo(ExitCode.OK);
        assertThat(bad.sync(Map.of()).catchUp(Mono.never())).isEqualTo(ExitCode.CONFIGURATION);
    }

    @Test
    void theProcessEndsWhenTheLastDatabaseHasNothingLeft() throws Exception {
        theOtherGoesOn("while it is set aside");

        good.execute(DRIFT);

        assertThatThrownBy(() -> daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .hasMessageContaining("No document is left to follow")
                .hasMessageContaining(good.index())
                .hasMessageContaining(bad.index())
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(Remedy.STOP));
        daemon = CompletableFuture.completedFuture(ExitCode.CONFIGURATION);
        bad.execute(UNDONE);
        good.execute(UNDONE);
        assertThatThrownBy(() -> bad.sync(Map.of()).catchUp(Mono.never()))
                .hasMessageContaining("No document is left to follow")
                .hasMessageContaining(good.index())
                .hasMessageContaining(bad.index());
    }

    private void follow() throws Exception {
        stop = Sinks.empty();
        var sync = bad.sync(Map.of("PGSYNC_HTTP_PORT", Integer.toString(port)));
        daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
    }

    private ExitCode stopped() throws Exception {
        stop.tryEmitEmpty();
        return daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private void theOtherGoesOn(String title) throws Exception {
        good.execute("UPDATE book SET title = '" + title + "' WHERE id = 1");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(good.differences(good.index())).isEmpty());
        assertThat(daemon).isNotDone();
    }

    /** Else it would keep the log of the whole server. */
    private void theSlotMovesOn() throws Exception {
        bad.execute("UPDATE publisher SET name = name || '!'");
        Lsn now = bad.position();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(bad.confirmed()).isGreaterThanOrEqualTo(now));
    }

    private void isToldOf() throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(get("/health/ready")).contains(name(bad) + "\":\"schema-drift", name(good) + "\":\"following");
            assertThat(get("/metrics"))
                    .containsPattern("pgsync_diverged\\{database=\"" + name(bad) + "\",index=\"" + bad.index()
                            + "\",kind=\"schema-drift\"} 1\\.0");
            assertThat(get("/status")).contains("\"divergence\":\"schema-drift\"", "\"state\":\"live\"");
        });
        var out = new StringWriter();
        ExitCode code = new StatusRun(
                        bad.settings(Map.of()),
                        new PrintWriter(out),
                        new StatusRun.Form(true, Duration.ofMillis(100), false))
                .print();
        assertThat(out.toString()).contains("\"divergence\":\"schema-drift\"", "pgsync bootstrap");
        assertThat(code).isEqualTo(ExitCode.CONFIGURATION);
    }

    private static String name(Shop shop) {
        return shop.slot().replaceFirst("pgsync_", "");
    }

    private static String state(Shop shop) throws Exception {
        return shop.get("/pgsync_state/_doc/" + shop.index());
    }

    /** Empty as long as nobody listens. */
    private String get(String path) throws Exception {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .timeout(Duration.ofSeconds(20))
                                    .build(),
                            BodyHandlers.ofString())
                    .body();
        } catch (IOException notYet) {
            return "";
        }
    }
}
