package io.pgsync.runtime;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.follow.FollowedDatabase;
import io.pgsync.runtime.status.RunFigures;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** A schema file that is followed until it is closed. Safe from any thread. */
public final class RunningPgsync implements AutoCloseable {
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private final Sinks.One<List<FollowedDatabase>> begun = Sinks.one();
    private final CompletableFuture<List<RunFigures>> end;
    private volatile List<FollowedDatabase> databases = List.of();

    private RunningPgsync(Pgsync pgsync) {
        this.end = pgsync.follow(stop.asMono(), this::began).toFuture();
    }

    static RunningPgsync start(Pgsync pgsync) {
        return new RunningPgsync(pgsync);
    }

    private void began(List<FollowedDatabase> followed) {
        databases = followed;
        begun.tryEmitValue(followed);
    }

    /** Completes when it has ended: after {@link #close}, or with the failure that needs a person. */
    public CompletionStage<Void> end() {
        return end.thenAccept(figures -> {});
    }

    /** What ended it; empty as long as it runs, and where it was closed. */
    public Optional<SyncException> failure() {
        return end.isCompletedExceptionally()
                ? end.handle((figures, failure) -> Optional.of(known(failure))).join()
                : Optional.empty();
    }

    private static SyncException known(Throwable failure) {
        Throwable cause = Optional.ofNullable(failure.getCause())
                .filter(inside -> failure instanceof CompletionException)
                .orElse(failure);
        return cause instanceof SyncException known
                ? known
                : new SyncException(Remedy.RETRY, "The run ended: " + cause, cause);
    }

    /** The databases that are followed; empty before the first change is read. */
    public List<FollowedDatabase> databases() {
        return databases;
    }

    /**
     * Completes when everything that was committed up to {@code target} can be searched in every index: one's own writes, with
     * {@code pg_current_wal_insert_lsn()} asked after the commit. For schema files of one database. Fails when the run ends before.
     */
    public Mono<Void> awaitReadable(Lsn target) {
        Mono<Void> readable =
                begun.asMono().flatMapIterable(all -> all).single().flatMap(database -> readable(database, target));
        return Mono.firstWithSignal(readable, ended());
    }

    private static Mono<Void> readable(FollowedDatabase database, Lsn target) {
        return database.await(target)
                .thenMany(Flux.fromIterable(database.figures().indexes().keySet()))
                .concatMap(database::refresh)
                .then();
    }

    private Mono<Void> ended() {
        return Mono.fromFuture(end, true)
                .onErrorMap(RunningPgsync::known)
                .then(Mono.error(() -> new SyncException(Remedy.RETRY, "The run was closed")));
    }

    /** Returns when everything under way is stored and confirmed. Fails with what made it end before. */
    @Override
    public void close() {
        stop.tryEmitEmpty();
        try {
            end.join();
        } catch (CompletionException failed) {
            throw known(failed);
        }
    }
}
