package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.torture.process.PgsyncProcess;
import io.pgsync.torture.server.Servers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that was taken for dead comes back, with a write on the way that is older than what its successor stored. */
class ZombieIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    @Test
    void nothingOfAContinuedProcessLandsAndItEndsAsTakenOver() throws Exception {
        var servers = Servers.shared();
        try (var shop = Shop.open(directory);
                var proxy = HoldingProxy.to(servers.elasticsearch().url().getPort())) {
            shop.sync(Map.of()).bootstrap();
            var late = new HashMap<>(servers.environment());
            late.put("ELASTICSEARCH_URL", "http://127.0.0.1:" + proxy.port());
            try (var first = start(late)) {
                awaitRight(shop);

                proxy.hold();
                shop.execute("UPDATE book SET title = 'Of the first' WHERE id = 1");
                await().atMost(PATIENCE).until(() -> proxy.held().contains("Of the first"));
                first.freeze(true);
                terminateWalSender(shop);
                shop.execute("UPDATE book SET title = 'Of the second' WHERE id = 1; UPDATE book SET price = price + 1;"
                        + " DELETE FROM review WHERE book_id = 2");

                try (var second = start(servers.environment())) {
                    awaitRight(shop);
                    awaitQuiet(shop);
                    Map<String, Long> versions = versions(shop);

                    proxy.release();
                    first.freeze(false);

                    assertThat(first.await()).as(first.output()).isEqualTo(ExitCode.TAKEN_OVER.code());
                    assertThat(shop.differences()).isEmpty();
                    assertThat(versions(shop)).isEqualTo(versions);
                    shop.execute("UPDATE book SET title = 'Still followed' WHERE id = 3");
                    awaitRight(shop);
                    assertThat(second.stop()).as(second.output()).isEqualTo(ExitCode.OK.code());
                }
            }
        }
    }

    private PgsyncProcess start(Map<String, String> environment) throws IOException {
        return PgsyncProcess.start(directory, environment, "-c", "schema.json", "-d", "-v");
    }

    private static void awaitRight(Shop shop) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.differences()).isEmpty());
    }

    /** A right document may be read and written once more, with a later version, for a change of the same transaction. */
    private static void awaitQuiet(Shop shop) throws Exception {
        Lsn now = shop.position();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.confirmed()).isGreaterThanOrEqualTo(now));
    }

    /** As an operator does who knows that the process is gone; the server itself takes wal_sender_timeout. */
    private static void terminateWalSender(Shop shop) throws Exception {
        shop.ask("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + shop.slot()
                + "'");
    }

    private static Map<String, Long> versions(Shop shop) throws Exception {
        var versions = new TreeMap<String, Long>();
        JSON.readTree(shop.get("/" + shop.index() + "/_search?size=1000&version=true"))
                .at("/hits/hits")
                .forEach(hit -> versions.put(
                        hit.path("_id").asText(), hit.path("_version").asLong()));
        assertThat(versions).isNotEmpty();
        return versions;
    }
}
