package io.pgsync.runtime.follow;

import io.pgsync.runtime.follow.RunWatch.Followed;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Resources;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** All databases of a schema file, followed side by side. A failure of one ends them all. */
public final class Followings {
    private final Mono<List<Following>> prepared;
    private final RunListener listener;
    private final RunWatch watch;

    public Followings(Resources resources, RunListener listener) {
        this(resources, listener, RunWatch.NONE);
    }

    /** {@code watch}: what goes on beside the run. */
    public Followings(Resources resources, RunListener listener, RunWatch watch) {
        this(prepared(resources), listener, watch);
    }

    Followings(Mono<List<Following>> prepared, RunListener listener, RunWatch watch) {
        this.prepared = prepared;
        this.listener = listener;
        this.watch = watch;
    }

    /**
     * How a run ended.
     *
     * @param beginsAgain whether it was not asked to stop, but has to begin again
     */
    public record Ended(List<RunFigures> figures, boolean beginsAgain) {}

    /**
     * Runs until {@code stop} signals, which must replay its signal, or until the watch says that the run has to begin
     * again; then stores and confirms what is under way.
     */
    public Mono<Ended> until(Mono<Void> stop) {
        return prepared.flatMap(all -> {
            var again = new AtomicBoolean();
            List<Followed> followed = all.stream().map(Following::followed).toList();
            // Every database looks at the same signal.
            Mono<Void> end = Mono.firstWithSignal(stop, watch.changed(followed).doOnSuccess(changed -> again.set(true)))
                    .cache();
            return run(all, following -> following.auditedUntil(end)).map(figures -> new Ended(figures, again.get()));
        });
    }

    /** Ends by itself when everything that was committed before the call is in the indexes, or when {@code stop} signals. */
    public Mono<List<RunFigures>> untilCaughtUp(Mono<Void> stop) {
        return prepared.flatMap(all -> run(all, following -> following.untilCaughtUp(stop)));
    }

    private Mono<List<RunFigures>> run(List<Following> all, Function<Following, Mono<Void>> work) {
        return Following.told(listener, all, Mono.when(all.stream().map(work).toList()))
                .then(Mono.fromSupplier(
                        () -> all.stream().map(Following::figures).toList()));
    }

    private static Mono<List<Following>> prepared(Resources resources) {
        return resources.databases().toFollow().flatMap(databases -> {
            var remaining = new Remaining(databases.size());
            return Flux.fromIterable(databases)
                    .concatMap(database -> Following.prepare(resources, database, remaining))
                    .collectList();
        });
    }
}
