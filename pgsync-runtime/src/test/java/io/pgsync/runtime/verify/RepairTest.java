package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class RepairTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final StatesInMemory states = StatesInMemory.of("books");
    private int beats;

    @AfterEach
    void close() {
        timer.dispose();
    }

    @Test
    void theOrderIsWrittenAndWaitedFor() {
        CompletableFuture<Void> end = repair(List.of("1", "2"));

        assertThat(states.get("books").backfill()).isEqualTo(BackfillProgress.startIds(List.of("1", "2")));
        assertThat(beats).isEqualTo(1);
        pass(Repair.POLL);
        assertThat(end).isNotDone();

        performed();

        assertThat(end).isCompleted();
    }

    @Test
    void manyAreOrderedInPartsOneAfterTheOther() {
        CompletableFuture<Void> end =
                repair(IntStream.range(0, 1_001).mapToObj(Integer::toString).toList());

        assertThat(states.get("books").backfill().ids()).hasSize(1_000);
        performed();
        assertThat(states.get("books").backfill().ids()).containsExactly("1000");
        performed();

        assertThat(end).isCompleted();
    }

    @Test
    void statesThatAreAwayAreAskedAgain() {
        CompletableFuture<Void> end = repair(List.of("1"));
        states.isAway = true;
        pass(Repair.POLL);
        states.isAway = false;
        performed();
        pass(Duration.ofSeconds(5));

        assertThat(end).isCompleted();
    }

    @Test
    void anIndexThatIsSetAsideMeanwhileIsNotWaitedFor() {
        CompletableFuture<Void> end = repair(List.of("1"));
        states.put(states.get("books").withDiverged(Diverged.at(new Lsn(1), Kind.SCHEMA_DRIFT, "column gone")));
        pass(Repair.POLL);

        assertThat(failure(end)).hasMessageContaining("column gone");
    }

    @Test
    void anOrderThatNobodyPerformsStands() {
        CompletableFuture<Void> end = repair(List.of("1"));

        pass(Repair.PATIENCE);

        assertThat(failure(end)).hasMessageContaining("stands");
        assertThat(failure(end).remedy()).isEqualTo(Remedy.RETRY);
        assertThat(states.get("books").backfill().ids()).containsExactly("1");
    }

    private CompletableFuture<Void> repair(List<String> ids) {
        Mono<Lsn> beat = Mono.fromSupplier(() -> new Lsn(++beats));
        CompletableFuture<Void> end =
                new Repair("books", beat, states, timer).of(ids).toFuture();
        pass(Duration.ZERO);
        return end;
    }

    private void performed() {
        states.put(
                states.get("books").withBackfill(states.get("books").backfill().idsLoaded(1, 0)));
        pass(Repair.POLL);
    }

    private void pass(Duration time) {
        timer.advanceTimeBy(time);
    }

    private static SyncException failure(CompletableFuture<Void> end) {
        assertThat(end).isCompletedExceptionally();
        return (SyncException) end.handle((done, known) -> known).join();
    }
}
