package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import io.pgsync.embedded.elasticsearch.EmbeddedEngine;
import io.pgsync.runtime.config.BackfillOrder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

/** An index that somebody restores from an older snapshot is the same to the engine, and lacks what was stored since. */
class RestoredIndexIT {
    private static Path snapshots;
    private static EmbeddedEngine engine;

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() throws IOException {
        // Of another user than the one of the engine.
        snapshots = Files.createTempDirectory("snapshots");
        Files.setPosixFilePermissions(snapshots, PosixFilePermissions.fromString("rwxrwxrwx"));
        engine = ElasticsearchServers.sharedFamily()
                .builder()
                .setting("path.repo", snapshots.toString())
                .start();
    }

    @AfterAll
    static void stop() throws IOException {
        engine.close();
        try (var files = Files.walk(snapshots)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void isLoadedAgainAndNotFollowed() throws Exception {
        try (var shop = Shop.open(directory)) {
            Map<String, String> ours = Map.of("ELASTICSEARCH_URL", engine.url().toString());
            Commands sync = shop.sync(ours);
            sync.bootstrap();
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
            String index = shop.index();
            request("PUT", "/_snapshot/old", "{\"type\": \"fs\", \"settings\": {\"location\": \"" + snapshots + "\"}}");
            request("PUT", "/_snapshot/old/one?wait_for_completion=true", "{\"indices\": \"" + index + "\"}");
            shop.execute("UPDATE book SET title = 'Since the snapshot' WHERE id = 1");
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
            assertThat(request("GET", "/" + index + "/_doc/1", "")).contains("Since the snapshot");

            request("POST", "/" + index + "/_close", "");
            request("POST", "/_snapshot/old/one/_restore?wait_for_completion=true", "{\"indices\": \"" + index + "\"}");

            assertThatThrownBy(() -> sync.catchUp(Mono.never()))
                    .hasMessageContaining("(index-replaced)")
                    .hasMessageContaining("shard 0 was allocated again");
            var order = new BackfillOrder(List.of(index), Optional.empty());
            assertThat(sync.backfill(order, Mono.never())).isEqualTo(ExitCode.OK);
            assertThat(request("GET", "/" + index + "/_doc/1", "")).contains("Since the snapshot");
            assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
            sync.tearDown();
        }
    }

    private String request(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(engine.url().resolve(path))
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        var response = http.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}
