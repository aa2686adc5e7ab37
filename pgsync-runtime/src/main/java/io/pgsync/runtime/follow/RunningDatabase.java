package io.pgsync.runtime.follow;

import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.change.Lsn;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.status.StatusLook;
import io.pgsync.runtime.status.StatusReader;
import java.time.Duration;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** A database that is being followed, as the endpoints see it. */
final class RunningDatabase implements FollowedDatabase {
    private static final Duration LOADED_POLL = Duration.ofMillis(100);

    private final Database database;
    private final RunReport report;
    private final PositionWaits waits;
    private final StatusReader reader;
    private final IndexKeyLookup keys;
    private final Scheduler timer;
    private volatile Optional<StatusLook> earlier = Optional.empty();

    RunningDatabase(
            Database database,
            RunReport report,
            PositionWaits waits,
            StatusReader reader,
            IndexKeyLookup keys,
            Scheduler timer) {
        this.database = database;
        this.report = report;
        this.waits = waits;
        this.reader = reader;
        this.keys = keys;
        this.timer = timer;
    }

    @Override
    public RunFigures figures() {
        return report.figures();
    }

    @Override
    public Optional<LoadProgress> load() {
        return report.load();
    }

    /** Rates are measured since the last call. */
    @Override
    public Mono<DatabaseStatus> status() {
        return reader.look().map(now -> {
            StatusLook before = earlier.orElse(now);
            earlier = Optional.of(now);
            return reader.status(before, now);
        });
    }

    @Override
    public Mono<Lsn> await(Lsn target) {
        return waits.await(target).flatMap(stored -> loaded().thenReturn(stored));
    }

    @Override
    public String nameOf(String index) {
        return database.documentOf(index);
    }

    /** Changes from before the load may become readable only at its end. */
    private Mono<Void> loaded() {
        return report.isLoaded()
                ? Mono.empty()
                : Flux.interval(LOADED_POLL, timer)
                        .onBackpressureDrop()
                        .filter(tick -> report.isLoaded())
                        .next()
                        .then();
    }

    @Override
    public Mono<Void> refresh(String index) {
        return Flux.fromIterable(database.trees())
                .filter(tree -> tree.index().equals(index)
                        || database.documentOf(tree.index()).equals(index))
                .concatMap(keys::refresh)
                .then();
    }
}
