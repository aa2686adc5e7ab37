package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.doctor.DiagnosisText;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.runtime.config.BackfillOrder;
import java.io.PrintWriter;
import java.io.StringWriter;
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

/** What a document shows changes without a change of any row: the log says nothing, the catalog does. */
class DefinitionChangeIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    private Shop shop;
    private String shelves;
    private Sinks.Empty<Void> stop = Sinks.empty();
    private CompletableFuture<ExitCode> daemon = CompletableFuture.completedFuture(ExitCode.OK);

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        shop.execute("""
                CREATE TYPE mood AS ENUM ('sad', 'ok');
                CREATE TABLE shelf (id int, label text, mood mood, PRIMARY KEY (id)) PARTITION BY RANGE (id);
                CREATE TABLE shelf1 PARTITION OF shelf FOR VALUES FROM (1) TO (10);
                INSERT INTO shelf VALUES (1, 'first', 'sad'), (2, 'second', 'ok')""");
        shelves = shop.addDocument("{\"table\": \"shelf\", \"columns\": [\"id\", \"label\", \"mood\"]}");
        shop.sync(Map.of()).bootstrap();
        follow();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(shop.differences()).isEmpty();
            assertThat(state()).contains("\"phase\":\"DONE\"", "\"definitions\"");
        });
    }

    @AfterEach
    void closeTheShop() throws Exception {
        stopped();
        shop.close();
    }

    @Test
    void aRenamedLabelIsNamedTheIndexGoesOnAndABackfillMendsIt() throws Exception {
        shop.execute("ALTER TYPE mood ADD VALUE 'new'");
        shop.execute("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(state()).contains("DEFINITION_CHANGED", "type \\\"public.mood\\\""));
        shop.execute("UPDATE shelf SET label = 'other' WHERE id = 2");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(shop.get("/" + shelves + "/_doc/2")).contains("other"));
        assertThat(shop.get("/" + shelves + "/_doc/1")).contains("sad");
        Look status = status();
        assertThat(status.code()).isEqualTo(ExitCode.GAP);
        assertThat(status.text())
                .contains(
                        "\"state\":\"definition_changed\",\"divergence\":\"definition-changed\"",
                        "repair it with: pgsync backfill -c " + shop.schemaFile() + " --document " + shelves);
        assertThat(doctor()).contains("FAIL  index " + shelves + ": definition-changed, ");

        shop.sync(Map.of()).backfill(new BackfillOrder(List.of(shelves), Optional.empty()), Mono.never());

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
        assertThat(state()).doesNotContain("DEFINITION_CHANGED").contains("\"definitions\"");
        assertThat(status().text()).doesNotContain("definition");
        assertThat(daemon).isNotDone();
    }

    /** The state names the generation that writes: another one would end the daemon. */
    @Test
    void aRepeatedBootstrapLeavesWhatIsFollowedToTheDaemon() throws Exception {
        shop.execute("ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(state()).contains("DEFINITION_CHANGED"));
        awaitChange("by the run that follows");
        String before = generation();

        assertThat(shop.sync(Map.of()).bootstrap()).isEqualTo(ExitCode.OK);

        assertThat(state()).contains("DEFINITION_CHANGED", "\"phase\":\"DONE\"");
        assertThat(generation()).isEqualTo(before);
        awaitChange("and still by it");
        assertThat(daemon).isNotDone();
    }

    private void awaitChange(String label) throws Exception {
        shop.execute("UPDATE shelf SET label = '" + label + "' WHERE id = 2");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(shop.get("/" + shelves + "/_doc/2")).contains(label));
    }

    private String generation() throws Exception {
        return state().replaceFirst("(?s).*\"generation\":(\\d+).*", "$1");
    }

    @Test
    void partitionsThatCameAndWentWhileNobodyFollowedAreNoticedByDoctorAndLoadedByTheNextRun() throws Exception {
        shop.execute("CREATE TABLE shelf2 PARTITION OF shelf FOR VALUES FROM (10) TO (20)");
        shop.execute("INSERT INTO shelf VALUES (11, 'third', 'ok')");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
        stopped();
        assertThat(doctor()).doesNotContain("partitions-changed");
        shop.execute("""
                CREATE TABLE shelf3 (LIKE shelf INCLUDING ALL);
                INSERT INTO shelf3 VALUES (21, 'fourth', 'sad');""");
        shop.execute("ALTER TABLE shelf ATTACH PARTITION shelf3 FOR VALUES FROM (20) TO (30)");

        assertThat(doctor()).contains("partitions-changed", "shelf3", "by itself");
        follow();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(state()).contains("\"cause\"", ": shelf3", "\"phase\":\"DONE\""));
        assertThat(state()).doesNotContain("PARTITIONS_CHANGED");
        assertThat(doctor()).doesNotContain("partitions-changed");
    }

    private void follow() throws Exception {
        stop = Sinks.empty();
        var sync = shop.sync(Map.of());
        daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
    }

    private void stopped() throws Exception {
        stop.tryEmitEmpty();
        daemon.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private String state() throws Exception {
        return shop.get("/pgsync_state/_doc/" + shelves);
    }

    private record Look(ExitCode code, String text) {}

    private Look status() throws Exception {
        var out = new StringWriter();
        var form = new StatusRun.Form(true, Duration.ofMillis(100), false);
        ExitCode code = new StatusRun(shop.settings(Map.of()), new PrintWriter(out), form).print();
        return new Look(code, out.toString());
    }

    private String doctor() throws Exception {
        var out = new StringWriter();
        new DiagnosisText(new DoctorRun(shop.settings(Map.of())).examine()).print(new PrintWriter(out));
        return out.toString();
    }
}
