package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.postgres.EmbeddedPostgres;
import io.pgsync.torture.process.PgsyncProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Documents are read from a standby that is two seconds behind. With {@code -Dpgsync.test.replica.cycles=100} applications write for longer,
 * and the log has the figures.
 */
class ReplicaReadsIT {
    private static final Logger log = LoggerFactory.getLogger(ReplicaReadsIT.class);
    private static final int CYCLES = Integer.getInteger("pgsync.test.replica.cycles", 3);
    private static final int CLIENTS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /** Nothing but reads of documents touches it. */
    private static final String FETCHED =
            "SELECT coalesce(sum(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_user_tables WHERE relname = 'author'";

    private static final Pattern READ = Pattern.compile("pgsync_documents_read_total\\{.*from=\"(\\w+)\".*} (\\S+)");

    @TempDir
    private Path directory;

    private final EmbeddedPostgres primary =
            EmbeddedPostgres.builder().setting("wal_keep_size", "64MB").start();
    private final EmbeddedPostgres standby = primary.standby(Map.of("recovery_min_apply_delay", "2s"));
    private final int port = freePort();
    private final URI pgsync = URI.create("http://127.0.0.1:" + port);

    @AfterEach
    void close() {
        standby.close();
        primary.close();
    }

    private PgsyncProcess start(Shop shop) throws Exception {
        shop.sync(Map.of()).bootstrap();
        String database = shop.slot().substring("pgsync_".length());
        var environment = Map.of(
                "PG_URL",
                primary.url(database),
                "PG_URL_RO",
                standby.url(database),
                "PGSYNC_HTTP_PORT",
                Integer.toString(port),
                "ELASTICSEARCH_URL",
                ElasticsearchServers.shared().url().toString());
        var daemon = PgsyncProcess.start(directory, environment, "-c", "schema.json", "-d", "-v");
        await().atMost(PATIENCE).until(() -> shop.differences().isEmpty());
        return daemon;
    }

    /** A thousand rows change each second, and each client reads what it has written as soon as pgsync says that it can be read. */
    @Test
    void underSteadyChangesNoStaleDocumentIsReadAndThePrimaryHardlyReads() throws Exception {
        try (var shop = Shop.open(primary, directory)) {
            try (var daemon = start(shop);
                    var writer = ThousandChanges.of(shop)) {
                Map<String, Double> before = reads();
                var clients = IntStream.rangeClosed(1, CLIENTS)
                        .mapToObj(client -> CompletableFuture.supplyAsync(() -> cycles(shop, client), OwnThread.EACH))
                        .toList();
                clients.forEach(CompletableFuture::join);

                Map<String, Double> after = reads();
                double primaries = after.get("primary") - before.get("primary");
                double replicas = after.get("replica") - before.get("replica");
                log.warn(
                        "{} changes/s, waits of {}, documents read: {} from the replica, {} from the primary",
                        writer.perSecond(),
                        clients.stream().map(CompletableFuture::join).toList(),
                        replicas,
                        primaries);
                assertThat(replicas).isPositive();
                // None, where the machine does not stand still for longer than a read waits for a standby.
                assertThat(primaries).isLessThan(replicas);
                assertThat(daemon.isRunning()).as(daemon.output()).isTrue();
            }
        }
    }

    /** The waits in milliseconds. */
    private List<Long> cycles(Shop shop, int book) {
        try (var client = new CommittingClient(shop, pgsync, book)) {
            return client.cycle(CYCLES).stream().map(micros -> micros / 1_000).toList();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** How many documents were read so far, by the kind of server. */
    private Map<String, Double> reads() throws Exception {
        String metrics = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(pgsync.resolve("/metrics")).build(), BodyHandlers.ofString())
                .body();
        return READ.matcher(metrics)
                .results()
                .collect(Collectors.toMap(found -> found.group(1), found -> Double.valueOf(found.group(2))));
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void whatIsConfirmedIsStoredAndThePrimaryHardlyReads() throws Exception {
        try (var shop = Shop.open(primary, directory)) {
            String database = shop.slot().substring("pgsync_".length());
            try (var daemon = start(shop)) {
                for (int i = 0; i < 4; i++) {
                    shop.execute("UPDATE book SET title = 'No " + i + "', price = price + 1;"
                            + " UPDATE review SET stars = stars % 5 + 1; DELETE FROM review WHERE id = " + i);
                    Lsn committed = shop.position();
                    await().atMost(PATIENCE)
                            .pollInterval(Duration.ofMillis(10))
                            .until(() -> !committed.isAfter(shop.confirmed()));
                    assertThat(shop.differences())
                            .as("right when it is confirmed")
                            .isEmpty();
                }
                assertThat(daemon.stop()).as(daemon.output()).isEqualTo(ExitCode.OK.code());
                assertThat(daemon.output()).contains("Documents are read from replica");
            }
            // The truth of the comparisons reads the authors from the primary too, but without this daemon.
            assertThat(Long.parseLong(ask(standby, database, FETCHED))).isPositive();
        }
    }

    private static String ask(EmbeddedPostgres server, String database, String sql) throws SQLException {
        try (Connection connection = connect(server, database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres server, String database) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(database), server.user(), server.password());
    }
}
