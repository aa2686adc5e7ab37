package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.runtime.config.RefusedSelection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
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

/** What a wrong mapping refuses can be seen from anywhere, and is there once the mapping is mended. */
class RefusedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Map<String, String> SMALL_CHUNKS = Map.of("QUERY_CHUNK_SIZE", "100", "NUM_WORKERS", "1");

    @TempDir
    private Path directory;

    private Shop shop;
    private String notes;

    @BeforeEach
    void openTheShop() throws Exception {
        shop = Shop.open(directory);
        shop.execute("CREATE TABLE note (id int PRIMARY KEY, body text)");
        notes = shop.addDocument("{\"table\": \"note\"}");
        shop.request("PUT", "/" + notes, "{\"mappings\": {\"properties\": {\"body\": {\"type\": \"long\"}}}}");
    }

    @AfterEach
    void closeTheShop() throws Exception {
        shop.close();
    }

    @Test
    void refusedDocumentsAreListedAndTriedAgainByTheDaemon() throws Exception {
        shop.execute("INSERT INTO note VALUES (1, '7'), (2, 'seven'), (3, 'eight')");
        Commands sync = shop.sync(Map.of());
        sync.bootstrap();
        Sinks.Empty<Void> stop = Sinks.empty();
        var daemon = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), OwnThread.EACH);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(list()).hasSize(2));

        assertThat(list()).allSatisfy(document -> {
            assertThat(document.path("path").asText()).isEqualTo("body");
            assertThat(document.path("reason").asText()).contains("failed to parse field [body] of type [long]");
            assertThat(document.path("times").asLong()).isEqualTo(1);
        });
        shop.execute("UPDATE note SET body = 'Seven' WHERE id = 2");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(text(run -> run.show(RefusedSelection.ofIds("2"), "2")))
                        .contains("Index " + notes + ", document 2", "times   2"));

        assertThat(text(run -> run.forget(RefusedSelection.ofIds("3")))).startsWith("1 record removed.");
        shop.execute("UPDATE note SET body = 'SEVEN' WHERE id = 2");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(text(run -> run.list(RefusedSelection.ALL)))
                        .contains("2: ", ", 3 times since", "1 document without a record"));
        assertThat(retry(RefusedSelection.ALL)).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(code(run -> run.list(RefusedSelection.ALL))).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(code(run -> run.show(RefusedSelection.ofIds("2"), "2"))).isEqualTo(ExitCode.OK);

        takeAnything();
        assertThat(retry(RefusedSelection.ofIds("2"))).isEqualTo(ExitCode.OK);
        assertThat(text(run -> run.list(RefusedSelection.ALL))).contains("1 refused document");
        assertThat(retry(RefusedSelection.ALL)).isEqualTo(ExitCode.OK);

        assertThat(list()).isEmpty();
        assertThat(code(run -> run.list(RefusedSelection.ALL))).isEqualTo(ExitCode.OK);
        assertThat(code(run -> run.show(RefusedSelection.ofIds("2"), "2"))).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(shop.differences()).isEmpty();
        stop.tryEmitEmpty();
        assertThat(daemon.get(60, TimeUnit.SECONDS)).isEqualTo(ExitCode.OK);
    }

    @Test
    void withoutADaemonTheCommandTriesThemItself() throws Exception {
        shop.execute("INSERT INTO note VALUES (1, '7'), (2, 'seven'), (3, 'eight')");
        Commands sync = shop.sync(Map.of());
        sync.bootstrap();
        sync.catchUp(Mono.never());
        assertThat(list()).hasSize(2);
        takeAnything();

        assertThat(retry(new RefusedSelection(List.of(notes), List.of(), typeOfFirst())))
                .isEqualTo(ExitCode.OK);

        assertThat(list()).isEmpty();
        assertThat(shop.differences()).isEmpty();
        assertThatThrownBy(() -> retry(new RefusedSelection(List.of("nothing"), List.of(), Optional.empty())))
                .hasMessageContaining("has no document for index nothing");
    }

    @Test
    void aMappingThatRefusesEveryDocumentStopsAfterTheLimitWithAMessage() throws Exception {
        shop.execute("INSERT INTO note SELECT i, 'no number' FROM generate_series(1, 900) i");
        Commands sync = shop.sync(SMALL_CHUNKS);
        sync.bootstrap();

        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.CONFIGURATION);

        assertThat(shop.differences(shop.index())).isEmpty();
        try (var lines = Files.lines(directory.resolve("refused.jsonl"))) {
            assertThat(lines.count()).isBetween(500L, 700L);
        }
        assertThat(list()).hasSizeGreaterThanOrEqualTo(500);
        assertThatThrownBy(() -> retry(RefusedSelection.ALL))
                .hasMessageContainingAll(
                        "mostly-refused", "more than 50 percent", "at \"body\"", "pgsync refused list");

        takeAnything();
        sync.bootstrap();
        assertThat(sync.catchUp(Mono.never())).isEqualTo(ExitCode.OK);
        assertThat(list()).isEmpty();
        assertThat(shop.differences()).isEmpty();
    }

    /** Values that are no numbers are then left out of the index, but not out of the document. */
    private void takeAnything() throws Exception {
        assertThat(shop.request(
                        "PUT",
                        "/" + notes + "/_mapping",
                        "{\"properties\": {\"body\": {\"type\": \"long\", \"ignore_malformed\": true}}}"))
                .contains("\"acknowledged\":true");
    }

    private JsonNode list() throws Exception {
        var out = new StringWriter();
        new RefusedRun(shop.settings(Map.of()), new PrintWriter(out), true).list(RefusedSelection.ALL);
        return JSON.readTree(out.toString()).path(0).path("documents");
    }

    private Optional<String> typeOfFirst() throws Exception {
        return Optional.of(list().path(0).path("type").asText());
    }

    private interface Command {
        ExitCode on(RefusedRun run);
    }

    private String text(Command command) throws Exception {
        var out = new StringWriter();
        command.on(new RefusedRun(shop.settings(Map.of()), new PrintWriter(out), false));
        return out.toString();
    }

    private ExitCode code(Command command) throws Exception {
        return command.on(new RefusedRun(shop.settings(Map.of()), new PrintWriter(new StringWriter()), false));
    }

    private ExitCode retry(RefusedSelection selection) throws Exception {
        return new RefusedRun(shop.settings(Map.of()), new PrintWriter(System.err, true), false)
                .retry(selection, Terminal.standardError(), Mono.never());
    }
}
