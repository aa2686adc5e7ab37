package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.elasticsearch.EmbeddedEngine;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Sinks;

/** An engine that restarts has forgotten its deletes, and an older write of such a document is still on its way. */
class ForgottenDeleteIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private static EmbeddedEngine engine;

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        engine = ElasticsearchServers.sharedFamily().builder().start();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @Test
    void anOlderWriteUnderWayIsNotOvertakenByTheDelete() throws Exception {
        whatever("60", (shop, late, document) -> {
            shop.execute("DELETE FROM author WHERE id = 500");
            // Of another index, so that it is in no batch with the delete. It tells how far the daemon is.
            shop.execute("UPDATE book SET title = 'Behind the delete' WHERE id = 2");
            await().atMost(PATIENCE)
                    .until(() -> request("GET", "/" + shop.index() + "/_doc/2").contains("Behind the delete"));
            forget();

            assertThat(late.release().join()).contains("\"errors\":false");
        });
    }

    @Test
    void anOlderWriteThatWasGivenUpFindsNothingToWriteToAfterTheDelete() throws Exception {
        whatever("5", (shop, late, document) -> {
            await().atMost(PATIENCE).until(() -> request("GET", document).contains("HOLDME"));
            shop.execute("DELETE FROM author WHERE id = 500");
            await().atMost(PATIENCE).until(() -> request("GET", document).contains("\"found\":false"));
            forget();

            assertThat(late.release().join()).contains("index_not_found_exception");
        });
    }

    private interface Course {
        void take(Shop shop, LateRequests late, String document) throws Exception;
    }

    /**
     * @param timeout after which the late request is given up, in seconds
     * @param course begins when the update of a document of one row is late, and ends when that arrives after its delete
     */
    private void whatever(String timeout, Course course) throws Exception {
        try (var shop = Shop.open(directory);
                var late = LateRequests.with("HOLDME", engine.url())) {
            String more = shop.addDocument("{\"table\": \"author\", \"columns\": [\"id\", \"name\"]}");
            String document = "/" + more + "/_doc/500";
            shop.sync(Map.of("ELASTICSEARCH_URL", late.url())).bootstrap();
            var sync = shop.sync(Map.of("ELASTICSEARCH_URL", late.url(), "ELASTICSEARCH_TIMEOUT", timeout));
            Sinks.Empty<Void> stop = Sinks.empty();
            var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
            awaitLoad(shop.index());
            awaitLoad(more);
            shop.execute("INSERT INTO author (id, name) VALUES (500, 'First')");
            await().atMost(PATIENCE).until(() -> request("GET", document).contains("First"));
            shop.execute("UPDATE author SET name = 'HOLDME' WHERE id = 500");
            assertThat(late.held()).succeedsWithin(PATIENCE);

            course.take(shop, late, document);

            Lsn now = shop.position();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(shop.confirmed()).isGreaterThanOrEqualTo(now));
            assertThat(request("GET", document)).contains("\"found\":false");
            stop.tryEmitEmpty();
            assertThat(daemon.join()).isEqualTo(ExitCode.OK);
            sync.tearDown();
        }
    }

    private void awaitLoad(String index) {
        await().atMost(PATIENCE)
                .until(() -> request("GET", "/pgsync_state/_doc/" + index).contains("\"phase\":\"DONE\""));
    }

    /** Deletes that are in a commit are not known any more to a node that starts. */
    private void forget() throws Exception {
        request("POST", "/_flush?force=true");
        engine.stop();
        engine.start();
        await().atMost(PATIENCE)
                .until(() -> request("GET", "/_cluster/health?wait_for_status=yellow")
                        .contains("\"timed_out\":false"));
    }

    private String request(String method, String path) throws Exception {
        URI address = engine.url().resolve(path);
        var request = HttpRequest.newBuilder(address)
                .method(method, BodyPublishers.noBody())
                .build();
        return http.send(request, BodyHandlers.ofString()).body();
    }
}
