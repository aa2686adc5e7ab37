package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class CaughtUpTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final StatesInMemory states = StatesInMemory.of("books");
    private long written = 20;
    private int markers;

    @AfterEach
    void close() {
        timer.dispose();
    }

    @Test
    void waitsUntilTheStateShowsTheMarker() {
        CompletableFuture<SyncState> end = await();
        pass(CaughtUp.POLL);
        stored(19);
        assertThat(end).isNotDone();

        stored(20);

        assertThat(end).isCompletedWithValueMatching(state -> state.stored().value() == 20);
        assertThat(markers).isEqualTo(1);
    }

    @Test
    void aBacklogIsWaitedForAsLongAsItGetsShorter() {
        written = 1_000;
        CompletableFuture<SyncState> end = await();
        for (int stored = 20; stored < 30; stored++) {
            pass(CaughtUp.PATIENCE.minusSeconds(1));
            stored(stored);
        }
        assertThat(end).isNotDone();

        pass(CaughtUp.PATIENCE);

        fails(end, Remedy.RETRY, "no nearer to position 0/3E8");
    }

    @Test
    void anIndexThatIsLoadedIsNotCompared() {
        change(state -> state.withBackfill(BackfillProgress.start(true).loaded(List.of("7"), 7, 0)));

        fails(await(), Remedy.RETRY, "is being loaded, 7 documents so far");

        assertThat(markers).isZero();
    }

    @Test
    void aLoadThatIsAskedForMeanwhileEndsTheWait() {
        CompletableFuture<SyncState> end = await();
        change(state -> state.withBackfill(BackfillProgress.start(true)));
        pass(CaughtUp.POLL);

        fails(end, Remedy.RETRY, "is being loaded");
    }

    @Test
    void anIndexWithAGapOrSetAsideIsNotCompared() {
        change(state -> state.withDiverged(Diverged.gap(new Lsn(1), new Lsn(2), "lost slot")));
        fails(await(), Remedy.REPAIR, "lost slot");

        change(state -> state.withDiverged(Diverged.at(new Lsn(1), Kind.SCHEMA_DRIFT, "column gone")));
        fails(await(), Remedy.STOP, "column gone");
    }

    /** Whether they are missing is what the comparison finds out. */
    @Test
    void anIndexThatIsFollowedIsComparedWhateverMayBeMissing() {
        change(state -> state.withStored(new Lsn(20), Optional.empty())
                .withDiverged(Diverged.at(new Lsn(1), Kind.PARTITIONS_CHANGED, "attached")));

        assertThat(await()).isCompleted();
    }

    @Test
    void anIndexWithoutAStateIsNotCompared() {
        states.delete("books").block();

        fails(await(), Remedy.REPAIR, "nothing is known of its state");
    }

    private CompletableFuture<SyncState> await() {
        Mono<Lsn> marker = Mono.fromSupplier(() -> {
            markers++;
            return new Lsn(written);
        });
        CompletableFuture<SyncState> end =
                new CaughtUp("books", marker, states, timer).await().toFuture();
        pass(Duration.ZERO);
        return end;
    }

    private void stored(long position) {
        change(state -> state.withStored(new Lsn(position), Optional.empty()));
        pass(CaughtUp.POLL);
    }

    private void change(UnaryOperator<SyncState> change) {
        states.put(change.apply(states.get("books")));
    }

    private void pass(Duration time) {
        timer.advanceTimeBy(time);
    }

    private static void fails(CompletableFuture<SyncState> end, Remedy remedy, String words) {
        assertThat(end).isCompletedExceptionally();
        Throwable failure = end.handle((done, known) -> known).join();
        assertThat(((SyncException) failure).remedy()).isEqualTo(remedy);
        assertThat(failure).hasMessageContaining(words);
    }
}
