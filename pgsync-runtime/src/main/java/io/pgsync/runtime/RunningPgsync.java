package io.pgsync.runtime;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunListener;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/** A schema file that is followed until it is closed, on daemon threads. Safe from any thread. */
public final class RunningPgsync implements AutoCloseable {
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private final Sinks.One<List<FollowedDatabase>> begun = Sinks.one();
    /**
     * Why it ended, empty after a stop. Waits use this and not {@link #end}: a future keeps every caller that was added
     * to it, even one that was cancelled.
     */
    private final Sinks.One<Optional<SyncException>> over = Sinks.one();

    private final CompletableFuture<@Nullable List<RunFigures>> end;
    private volatile List<FollowedDatabase> databases = List.of();

    /** {@code follow} runs until its first argument signals, and reports to its second. */
    RunningPgsync(BiFunction<Mono<Void>, RunListener, Mono<List<RunFigures>>> follow) {
        this.end = follow.apply(stop.asMono(), this::began)
                .toFuture()
                .whenComplete((figures, failure) ->
                        over.tryEmitValue(Optional.ofNullable(failure).map(RunningPgsync::known)));
    }

    static RunningPgsync start(Pgsync pgsync) {
        return new RunningPgsync(pgsync::follow);
    }

    private void began(List<FollowedDatabase> followed) {
        databases = followed;
        begun.tryEmitValue(followed);
    }

    /** Completes when it has ended: after {@link #close}, or with the failure that needs a person. */
    public CompletionStage<Void> end() {
        return end.thenAccept(figures -> {});
    }

    /** Why it ended; empty while it runs, and after it was closed. */
    public Optional<SyncException> failure() {
        return end.isCompletedExceptionally()
                ? end.handle((figures, failure) -> Optional.of(known(failure))).join()
                : Optional.empty();
    }

    private static SyncException known(Throwable failure) {
        Throwable cause = Optional.ofNullable(failure.getCause())
                .filter(inside -> failure instanceof CompletionException || failure instanceof ExecutionException)
                .orElse(failure);
        return cause instanceof SyncException known
                ? known
                : new SyncException(Remedy.RETRY, "The run ended: " + cause, cause);
    }

    /**
     * A new exception for each throw: if the body and {@code close} of a try-with-resources statement threw the same
     * one, it would have to suppress itself, which Java forbids.
     */
    private static SyncException again(SyncException known) {
        return new SyncException(known.remedy(), String.valueOf(known.getMessage()), known);
    }

    /** The databases that are followed; empty before the first change is read. */
    public List<FollowedDatabase> databases() {
        return databases;
    }

    /**
     * Completes when searches in every index show everything that was committed up to {@code target}. To read your own
     * writes, ask {@code pg_current_wal_insert_lsn()} after the commit. Only for schema files of one database. Fails if
     * the run ends before, or if an index is not followed.
     */
    public Mono<Void> awaitReadable(Lsn target) {
        Mono<Void> readable =
                begun.asMono().flatMapIterable(all -> all).single().flatMap(database -> readable(database, target));
        return Mono.firstWithSignal(readable, over.asMono().flatMap(failure -> Mono.error(ended(failure))));
    }

    private static Mono<Void> readable(FollowedDatabase database, Lsn target) {
        Mono<Void> followed = Mono.fromRunnable(() -> requireFollowed(database.figures()));
        return followed.then(database.await(target))
                .then(followed)
                .thenMany(Flux.defer(
                        () -> Flux.fromIterable(database.figures().indexes().keySet())))
                .concatMap(database::refresh)
                .then();
    }

    private static void requireFollowed(RunFigures figures) {
        figures.indexes().forEach((index, of) -> {
            if (of.isSetAside()) {
                throw new SyncException(
                        Remedy.STOP,
                        "Index \"%s\" is not followed: %s"
                                .formatted(
                                        index, of.divergence().map(Kind::word).orElse("")));
            }
        });
    }

    private static SyncException ended(Optional<SyncException> failure) {
        return failure.map(RunningPgsync::again).orElseGet(() -> new SyncException(Remedy.RETRY, "The run was closed"));
    }

    /**
     * Stops following, and returns when everything under way is stored and confirmed. If the engine is away, this waits
     * until it is back. Throws the failure that ended the run, if there was one. Must not be called on a thread that
     * must not block.
     */
    @Override
    public void close() {
        refuseToBlock();
        stop.tryEmitEmpty();
        try {
            end.join();
        } catch (CompletionException failed) {
            throw again(known(failed));
        }
    }

    /** The same, but waits no longer than {@code patience}. What is not stored by then is repeated by the next run. */
    public void close(Duration patience) {
        refuseToBlock();
        stop.tryEmitEmpty();
        try {
            end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw again(known(failed));
        } catch (TimeoutException e) {
            throw new SyncException(Remedy.RETRY, "Not everything was stored within " + patience.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SyncException(Remedy.RETRY, "Interrupted while the run was closed", e);
        }
    }

    private static void refuseToBlock() {
        if (Schedulers.isInNonBlockingThread()) {
            throw new IllegalStateException(
                    "close() blocks, which " + Thread.currentThread().getName() + " must not");
        }
    }
}
