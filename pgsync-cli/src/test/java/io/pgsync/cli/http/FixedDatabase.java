package io.pgsync.cli.http;

import io.pgsync.core.change.Lsn;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentReads;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** A database of one index, "books", whose figures never change: nothing is stored behind position 0. */
record FixedDatabase(String name, boolean following, IndexFigures books) implements FollowedDatabase {
    @Override
    public RunFigures figures() {
        return new RunFigures(
                name,
                following,
                1,
                1,
                Lsn.ZERO,
                Duration.ZERO,
                0,
                0,
                DocumentReads.NONE,
                Map.of("books", books),
                Optional.empty(),
                Optional.empty());
    }

    @Override
    public Optional<LoadProgress> load() {
        return Optional.empty();
    }

    @Override
    public Mono<DatabaseStatus> status() {
        return Mono.empty();
    }

    @Override
    public Mono<Lsn> await(Lsn target) {
        return target.isAfter(Lsn.ZERO) ? Mono.never() : Mono.just(target);
    }

    @Override
    public Mono<Void> refresh(String index) {
        return Mono.empty();
    }
}
