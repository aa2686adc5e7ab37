package io.pgsync.core.pipeline;

import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillRequestedException;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.reactivestreams.Publisher;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;
import reactor.util.retry.Retry.RetrySignal;

/**
 * Keeps the indexes of one database in step: opens the stream, claims the indexes, and runs the pipeline. After a fault
 * that passes it does all this again, so every run starts from what is stored, with a new generation that owns the
 * indexes.
 */
public final class Synchronizer {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    /**
     * Short, so that work continues within seconds after a server returns; asking one that is away costs almost
     * nothing.
     */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final List<DocumentTree> trees;
    private final SourcePorts source;
    private final IndexPorts index;
    private final PipelineContext options;

    /** All {@code trees} belong to the database that {@code source} reads. Opens nothing yet. */
    public Synchronizer(Collection<DocumentTree> trees, SourcePorts source, IndexPorts index, PipelineContext options) {
        this.trees = List.copyOf(trees);
        this.source = source;
        this.index = index;
        this.options = options;
    }

    /**
     * Runs until {@code stop} signals, then drains and completes; gives the positions as they are acknowledged. Cold.
     * Fails with a {@link SyncException} that needs a person. Until {@code stop} signals, other failures lead to a new
     * run, without limit.
     *
     * @param stop shared by all runs, so it must replay its signal
     */
    public Flux<Lsn> run(Publisher<?> stop) {
        return Flux.defer(() -> {
            var running = new AtomicBoolean();
            var stopping = new AtomicBoolean();
            var claims = new Claims(trees, index, options.listener(), options.nothingLeft(), options.log());
            return Flux.usingWhen(
                            engineAnswers().then(open(claims)),
                            // Kept from the claim to the end of the drain: a claim may take long, too.
                            changes -> follow(changes, stop, claims).takeUntilOther(changes.keep()),
                            ChangeSource::close,
                            Synchronizer::closeAfter,
                            ChangeSource::close)
                    .onErrorMap(Synchronizer::unwrapped)
                    .doOnSubscribe(subscription -> running.set(true))
                    .doOnError(failure -> running.set(false))
                    .retryWhen(afterPause(stopping))
                    .onErrorResume(failure -> stopping.get() && isStartOver(failure), overtaken -> Flux.empty())
                    .takeUntilOther(stopped(stop, stopping, running));
        });
    }

    /** Asks the engine first: a run that cannot begin must not make the server decode its log again and again. */
    private Mono<Void> engineAnswers() {
        return Flux.fromIterable(trees)
                .take(1)
                .concatMap(tree -> index.states().load(tree.index()))
                .then();
    }

    /** Reactor combines the failures of several stages, and wraps the failure of a cleanup. */
    private static Throwable unwrapped(Throwable failure) {
        return Exceptions.isMultiple(failure) ? gravest(failure) : withoutCleanup(failure);
    }

    private static Throwable withoutCleanup(Throwable failure) {
        return !(failure instanceof SyncException) && failure.getCause() instanceof SyncException known
                ? known
                : failure;
    }

    /** One fault may break several stages at the same time. It passes only if all their failures pass. */
    private static Throwable gravest(Throwable several) {
        List<Throwable> failures = Exceptions.unwrapMultipleExcludingTracebacks(several).stream()
                .map(Synchronizer::withoutCleanup)
                .toList();
        return failures.stream()
                .filter(failure -> !Remedy.passes(failure))
                .findFirst()
                .orElse(failures.get(0));
    }

    /** The failure of the run counts, not that of closing what it has broken. */
    private static Mono<Void> closeAfter(ChangeSource changes, Throwable failure) {
        return changes.close().onErrorResume(another -> {
            failure.addSuppressed(another);
            return Mono.empty();
        });
    }

    private Retry afterPause(AtomicBoolean stopping) {
        return Retry.backoff(Long.MAX_VALUE, FIRST_PAUSE)
                .maxBackoff(LONGEST_PAUSE)
                .scheduler(options.timer())
                // A run that acknowledged something was sound: the next fault begins with the first pause again.
                .transientErrors(true)
                .filter(failure -> Remedy.passes(failure) && !stopping.get())
                .doBeforeRetry(this::report);
    }

    /** Nothing failed: the run only had to begin again. The next process does that, and repeats what was not stored. */
    static boolean isStartOver(Throwable failure) {
        return failure instanceof DivergenceException || failure instanceof BackfillRequestedException;
    }

    /** Ends a pause at once; a run ends by itself, after it was drained or has failed. */
    private static Mono<Void> stopped(Publisher<?> stop, AtomicBoolean stopping, AtomicBoolean running) {
        return Flux.from(stop).take(1).then(Mono.defer(() -> {
            stopping.set(true);
            return running.get() ? Mono.never() : Mono.empty();
        }));
    }

    /**
     * If another process holds the slot and owns an index, the slot will not become free: that process has replaced
     * this one.
     */
    private Mono<ChangeSource> open(Claims claims) {
        return source.changes()
                .cast(ChangeSource.class)
                .onErrorResume(failure -> claims.checkOwner().then(Mono.error(failure)))
                .onErrorResume(SyncException.class, failure -> withoutLog(failure, claims));
    }

    /** If every document must be loaded again anyway, a lost slot does no harm; other sources go on. */
    private Mono<ChangeSource> withoutLog(SyncException failure, Claims claims) {
        return Remedy.passes(failure)
                ? Mono.error(failure)
                : claims.isIdle()
                        .onErrorMap(NothingLeftException.class, nothingLeft -> failure)
                        .filter(idle -> idle)
                        .doOnNext(idle -> options.listener().withoutLog(failure))
                        .<ChangeSource>map(idle -> new NoChanges())
                        .switchIfEmpty(Mono.error(failure));
    }

    private Flux<Lsn> follow(ChangeSource changes, Publisher<?> stop, Claims claims) {
        return Flux.usingWhen(
                claims.claim(changes.position()),
                claim -> follow(changes, stop, claim),
                Claim::close,
                (claim, failure) -> claim.close().onErrorComplete(),
                Claim::close);
    }

    private Flux<Lsn> follow(ChangeSource changes, Publisher<?> stop, Claim claim) {
        options.listener().started(claim.generation(), changes.position().confirmed());
        var divergences = new Divergences(source.schema(), index, claim);
        var pipeline = new Pipeline(source, index, options, changes, claim, divergences);
        return divergences
                .look()
                .thenMany(pipeline.run(stop))
                .onErrorResume(failure -> divergences.after(unwrapped(failure)));
    }

    private void report(RetrySignal signal) {
        if (signal.failure() instanceof SyncException failure) {
            options.listener().retrying(failure);
        }
    }
}
