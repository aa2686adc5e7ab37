package io.pgsync.core.pipeline;

import io.pgsync.core.affected.IndexSearch;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.handover.Backlog;
import io.pgsync.core.handover.LogLook;
import io.pgsync.core.handover.LogPosition;
import io.pgsync.core.handover.OwnedWorkLog;
import io.pgsync.core.handover.RootWork;
import io.pgsync.core.handover.TakenRoot;
import io.pgsync.core.handover.TakenSearches;
import io.pgsync.core.handover.WorkLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A log of work with a record and a loss that a test gives; nothing waits in it. */
final class GivenLog implements WorkLog, OwnedWorkLog {
    LogPosition position = LogPosition.NONE;
    Optional<String> loss = Optional.empty();
    long generation = 1;
    Flux<TakenRoot> few = Flux.empty();

    /** What happened to it. */
    final List<String> heard = new ArrayList<>();

    @Override
    public Mono<LogLook> look() {
        return Mono.just(new LogLook(position, backlog()));
    }

    @Override
    public Mono<List<Finding>> examine() {
        return Mono.just(List.of());
    }

    @Override
    public Backlog backlog() {
        return Backlog.NOTHING;
    }

    @Override
    public Mono<OwnedWorkLog> own(long leastGeneration, Consumer<Lsn> stored) {
        return Mono.fromSupplier(() -> {
            heard.add("owned");
            generation = Math.max(generation, leastGeneration);
            return this;
        });
    }

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public LogPosition position() {
        return position;
    }

    @Override
    public Optional<String> loss() {
        return loss;
    }

    @Override
    public Mono<Void> begin(boolean anew) {
        return Mono.fromRunnable(() -> heard.add(anew ? "begun anew" : "begun"));
    }

    @Override
    public Mono<Void> append(List<RootWork> works) {
        return Mono.empty();
    }

    @Override
    public Mono<Void> append(IndexSearch search) {
        return Mono.empty();
    }

    @Override
    public Flux<List<TakenRoot>> taken(boolean many) {
        return many ? Flux.empty() : few.map(List::of);
    }

    @Override
    public Flux<TakenSearches> searches() {
        return Flux.empty();
    }

    @Override
    public void endTaking() {}

    @Override
    public Mono<Void> settled() {
        return Mono.empty();
    }

    @Override
    public void mark(Lsn position) {}

    @Override
    public Lsn stored() {
        return Lsn.ZERO;
    }

    @Override
    public Mono<Void> record(LogPosition now) {
        return Mono.fromRunnable(() -> position = now);
    }

    @Override
    public Mono<Void> keep() {
        return Mono.never();
    }

    @Override
    public Mono<Void> remove() {
        return Mono.empty();
    }

    @Override
    public Mono<Void> close() {
        return Mono.fromRunnable(() -> heard.add("closed"));
    }
}
