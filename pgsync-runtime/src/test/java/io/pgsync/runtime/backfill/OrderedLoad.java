package io.pgsync.runtime.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.backfill.BackfillRun.Request;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Databases;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A load of the index "books" that a command orders, in virtual time. */
final class OrderedLoad implements AutoCloseable {
    static final Duration POLL = Duration.ofMillis(500);
    static final BackfillProgress DONE =
            BackfillProgress.start(true).loaded(List.of("9"), 9, 0).in(Phase.DONE);

    final StatesInMemory states = StatesInMemory.of("books", "authors");

    /** What is written, and what is done to the database, in this order. */
    final List<String> events = states.written;

    final LoadedInMemory database = new LoadedInMemory(events);
    List<DocumentTree> trees = List.of(Databases.tree("books"));
    Optional<String> where = Optional.empty();

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final Sinks.Empty<Void> stop = Sinks.empty();

    CompletableFuture<BackfillOutcome> run() {
        var request = new Request("pgsync", trees, where);
        CompletableFuture<BackfillOutcome> end = BackfillRun.request(request, database, states, timer)
                .flatMap(run -> run.perform(stop.asMono(), RunListener.NONE))
                .toFuture();
        pass(Duration.ZERO);
        return end;
    }

    /** Whoever performs the load has come so far. */
    void comesTo(String index, BackfillProgress progress) {
        states.put(states.get(index).withBackfill(progress));
        pass(POLL);
    }

    void diverges(Kind kind) {
        states.put(states.get("books").withDiverged(Diverged.at(new Lsn(10), kind, "what was found")));
        pass(POLL);
    }

    void pass(Duration time) {
        timer.advanceTimeBy(time);
    }

    void stop() {
        stop.tryEmitEmpty();
    }

    static void assertThatFails(CompletableFuture<BackfillOutcome> end, Remedy remedy, String words) {
        assertThat(end).isCompletedExceptionally();
        Throwable failure = end.handle((done, known) -> known).join();
        assertThat(((SyncException) failure).remedy()).isEqualTo(remedy);
        assertThat(failure).hasMessageContaining(words);
    }

    @Override
    public void close() {
        timer.dispose();
    }
}
