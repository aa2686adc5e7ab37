package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

class WalGuardIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private Path directory;

    @Test
    void dropsTheSlotAtTheBudgetAndTheNamedCommandRepairsTheIndex() throws Exception {
        try (var shop = Shop.open(directory)) {
            Commands unlimited = shop.sync(Map.of());
            unlimited.bootstrap();
            unlimited.catchUp(Mono.never());
            shop.execute("CREATE TABLE ballast (text text)");
            var guarded = shop.sync(Map.of("PGSYNC_WAL_BUDGET", "2MB", "PGSYNC_WAL_BUDGET_ACTION", "drop-slot"));
            var daemon = CompletableFuture.supplyAsync(() -> guarded.follow(Mono.never()), OwnThread.EACH);

            await().atMost(PATIENCE).until(() -> {
                shop.execute("INSERT INTO ballast SELECT repeat('x', 1000) FROM generate_series(1, 4000)");
                return daemon.isDone();
            });

            assertThatThrownBy(() -> daemon.get(1, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            SyncException.class,
                            failure -> assertThat(failure.remedy()).isEqualTo(Remedy.REPAIR))
                    .hasMessageContaining("pgsync backfill");
            assertThat(shop.ask("SELECT count(*) FROM pg_replication_slots WHERE slot_name = '" + shop.slot() + "'"))
                    .isEqualTo("0");
            assertThat(shop.get("/pgsync_state/_doc/" + shop.index())).contains("\"gap\"", "the slot was dropped");

            shop.execute("UPDATE book SET title = 'Missed' WHERE id = 1; DELETE FROM book WHERE id = 2");
            assertThatThrownBy(() -> unlimited.catchUp(Mono.never())).hasMessageContaining("pgsync backfill");
            unlimited.bootstrap();
            unlimited.catchUp(Mono.never());
            assertThat(shop.differences()).isEmpty();
        }
    }
}
