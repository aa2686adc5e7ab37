package io.pgsync.example.embedding;

import io.pgsync.cli.config.Environment;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.run.SyncRun;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Sinks;

/** Follows a database from inside an application, on a thread of its own, until it is closed. */
public final class SearchInStep implements AutoCloseable {
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private final CompletableFuture<ExitCode> end;

    private SearchInStep(SyncRun run) {
        end = CompletableFuture.supplyAsync(
                () -> run.follow(stop.asMono()), task -> new Thread(task, "search-in-step").start());
    }

    /** {@code variables} are those that the command reads: {@code SCHEMA}, {@code PG_URL}, {@code ELASTICSEARCH_URL} and so on. */
    public static SearchInStep start(Map<String, String> variables) {
        var run = new SyncRun(Settings.read(Environment.of(variables)), Terminal.standardError());
        run.bootstrap();
        return new SearchInStep(run);
    }

    /** Returns when everything under way is stored and confirmed; fails with what made it end before. */
    @Override
    public void close() {
        stop.tryEmitEmpty();
        end.join();
    }
}
