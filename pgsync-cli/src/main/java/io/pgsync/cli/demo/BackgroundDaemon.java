package io.pgsync.cli.demo;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.run.Commands;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Sinks;

/** The daemon, on its own thread. */
final class BackgroundDaemon implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Sinks.Empty<Void> stop;
    private final CompletableFuture<ExitCode> end;

    private BackgroundDaemon(Sinks.Empty<Void> stop, CompletableFuture<ExitCode> end) {
        this.stop = stop;
        this.end = end;
    }

    static BackgroundDaemon start(Commands sync) {
        Sinks.Empty<Void> stop = Sinks.empty();
        var end = CompletableFuture.supplyAsync(() -> sync.follow(stop.asMono()), task -> {
            var thread = new Thread(task, "pgsync-demo-daemon");
            thread.setDaemon(true);
            thread.start();
        });
        return new BackgroundDaemon(stop, end);
    }

    /** Throws the failure that ended the daemon, if there was one. */
    void failIfEnded() {
        if (end.isDone()) {
            throw new IllegalStateException(
                    "The daemon ended early",
                    end.handle((code, failure) -> failure).join());
        }
    }

    /** Asks the daemon to end as SIGTERM does, and waits until it has stored and confirmed what is under way. */
    @Override
    public void close() {
        stop.tryEmitEmpty();
        try {
            end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The daemon did not end well", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
