package io.pgsync.core.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteOutcome.Refused;
import io.pgsync.core.version.Versions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.scheduler.Schedulers;

class JsonLinesDeadLettersTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);
    private static final RootKey ROOT = new RootKey("books", List.of("7"));
    private static final Refused DELETE = new Refused(new DocumentChange.Delete(ROOT, "8"), 400, "t", "r");

    @TempDir
    private Path directory;

    @Test
    void aRefusedDocumentIsOneLine() throws IOException {
        byte[] source = "{\"title\":\n".getBytes(StandardCharsets.UTF_8);
        var upsert = new DocumentChange.Upsert(ROOT, "7", Optional.of("north"), source);

        record(1_000_000, new Refused(upsert, 400, "document_parsing_exception", "bad \"title\""), DELETE);

        assertThat(Files.readAllLines(file()))
                .containsExactly(
                        "{\"ts\":\"2026-01-02T03:04:05Z\",\"index\":\"books\",\"id\":\"7\",\"op\":\"index\",\"version\":42,"
                                + "\"routing\":\"north\",\"status\":400,\"errorType\":\"document_parsing_exception\","
                                + "\"reason\":\"bad \\\"title\\\"\",\"doc\":\"{\\\"title\\\":\\n\"}",
                        "{\"ts\":\"2026-01-02T03:04:05Z\",\"index\":\"books\",\"id\":\"8\",\"op\":\"delete\",\"version\":42,"
                                + "\"status\":400,\"errorType\":\"t\",\"reason\":\"r\"}");
    }

    @Test
    void aDocumentThatAPluginFailedOnIsThereAsThePluginGotIt() throws IOException {
        var failed = new DocumentChange.Failed(
                ROOT, "7", "{}".getBytes(StandardCharsets.UTF_8), "plugin_failure", "plugin failed");

        record(1_000_000, new Refused(failed, 0, failed.type(), failed.reason()));

        assertThat(Files.readString(file()))
                .contains("\"op\":\"index\"", "\"errorType\":\"plugin_failure\"", "\"doc\":\"{}\"");
    }

    @Test
    void aFullFileIsSetAsideAndNothingIsLost() throws IOException {
        record(10, DELETE);
        record(10, DELETE);
        record(10, DELETE);

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(Files.readAllLines(file)).hasSize(1));
        }
    }

    @Test
    void aNewFileIsForItsOwnerAlone() throws IOException {
        record(1_000_000, DELETE);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatCannotBeWrittenIsAFailureThatNamesIt() throws IOException {
        Files.createDirectory(file());

        assertThatThrownBy(() -> record(1_000_000, DELETE))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining(file().toString());
    }

    private void record(long maxBytes, Refused... refused) {
        new JsonLinesDeadLetters(file(), maxBytes, CLOCK, Schedulers.immediate())
                .record("books", Versions.same(42), List.of(refused))
                .block(Duration.ofSeconds(10));
    }

    private Path file() {
        return directory.resolve("refused.jsonl");
    }
}
