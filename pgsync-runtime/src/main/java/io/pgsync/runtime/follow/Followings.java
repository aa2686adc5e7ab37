package io.pgsync.runtime.follow;

import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Resources;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** All databases of a schema file, followed side by side. A failure of one ends them all. */
public final class Followings {
    private final Mono<List<Following>> prepared;
    private final RunListener listener;

    public Followings(Resources resources, RunListener listener) {
        this(prepared(resources), listener);
    }

    Followings(Mono<List<Following>> prepared, RunListener listener) {
        this.prepared = prepared;
        this.listener = listener;
    }

    /**
     * Runs until {@code stop} signals, which must replay its signal; then stores and confirms what is under way. Gives
     * the last figures.
     */
    public Mono<List<RunFigures>> until(Mono<Void> stop) {
        return run(following -> following.until(stop));
    }

    /** The same, but ends by itself when everything that was committed before the call is in the indexes. */
    public Mono<List<RunFigures>> untilCaughtUp(Mono<Void> stop) {
        return run(following -> following.untilCaughtUp(stop));
    }

    private Mono<List<RunFigures>> run(Function<Following, Mono<Void>> work) {
        return prepared.flatMap(all -> Following.told(
                        listener, all, Mono.when(all.stream().map(work).toList()))
                .then(Mono.fromSupplier(
                        () -> all.stream().map(Following::figures).toList())));
    }

    private static Mono<List<Following>> prepared(Resources resources) {
        return resources.databasesToFollow().flatMap(databases -> {
            var remaining = new Remaining(databases.size());
            return Flux.fromIterable(databases)
                    .concatMap(database -> Following.prepare(resources, database, remaining))
                    .collectList();
        });
    }
}
