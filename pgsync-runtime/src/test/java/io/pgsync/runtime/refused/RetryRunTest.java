package io.pgsync.runtime.refused;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.refusal.RefusalsInMemory;
import io.pgsync.core.refusal.RetryOrder;
import io.pgsync.runtime.report.RefusedOfIndex;
import io.pgsync.runtime.report.RetryOutcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class RetryRunTest {
    private static final List<RefusedOfIndex> FOUND =
            List.of(new RefusedOfIndex("books", List.of(), List.of("7", "8")));

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final StatesInMemory states = StatesInMemory.of("books");
    private final RefusalsInMemory store = new RefusalsInMemory();
    private final List<String> events = store.written;
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private boolean isAnother;
    private final RetryRun run = new RetryRun(states, store, timer, new RetryRun.Follower() {
        @Override
        public Mono<Boolean> isAnother() {
            return Mono.fromSupplier(() -> isAnother);
        }

        @Override
        public Mono<Void> until(Mono<Void> end) {
            return Mono.fromRunnable(() -> events.add("followed")).then(end).doOnSuccess(ended -> events.add("let go"));
        }
    });

    @BeforeEach
    void refuseThree() {
        states.put(states.get("books").withRefused(List.of("7", "8", "9")));
    }

    @AfterEach
    void close() {
        timer.dispose();
    }

    @Test
    void withoutAnotherProcessThisOneFollowsUntilTheOrderIsOver() {
        var end = perform(false);
        tried("9");

        assertThat(end).isCompletedWithValue(List.of(new RetryOutcome("books", 2, List.of(), false)));
        assertThat(events).containsExactly("order books [7, 8]", "followed", "let go");
    }

    @Test
    void anotherProcessIsOnlyWaitedFor() {
        isAnother = true;

        var end = perform(true);
        assertThat(store.ordered("books")).isEqualTo(RetryOrder.ALL);
        pass();
        assertThat(end).isNotDone();
        tried("8", "9");

        assertThat(end).isCompletedWithValue(List.of(new RetryOutcome("books", 2, List.of("8"), false)));
        assertThat(events).containsExactly("order books all");
    }

    @Test
    void ordersOfTwoCommandsAreOne() {
        isAnother = true;
        store.put("books", RetryOrder.of(List.of("9")));

        perform(false);

        assertThat(store.ordered("books")).isEqualTo(RetryOrder.of(List.of("9", "7", "8")));
    }

    /** The process that follows has nothing to look for then. */
    @Test
    void documentsThatAreStoredMeanwhileEndTheWaitToo() {
        isAnother = true;

        var end = perform(false);
        states.put(states.get("books").withRefused(List.of("9")));
        pass();

        assertThat(end).isCompletedWithValue(List.of(new RetryOutcome("books", 2, List.of(), false)));
    }

    @Test
    void aStopLeavesTheOrderStanding() {
        isAnother = true;

        var end = perform(false);
        stop.tryEmitEmpty();

        assertThat(end).isCompletedWithValue(List.of(new RetryOutcome("books", 2, List.of("7", "8"), true)));
        assertThat(store.ordered("books").isNone()).isFalse();
    }

    @Test
    void anIndexThatIsSetAsideGetsNoOrder() {
        states.put(states.get("books").withDiverged(Diverged.at(new Lsn(5), Kind.MOSTLY_REFUSED, "500 of 500")));

        assertThat(perform(false))
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withMessageContainingAll("mostly-refused", "500 of 500", "pgsync bootstrap");
        assertThat(events).isEmpty();
    }

    @Test
    void anIndexThatIsSetAsideLeavesTheOthersTheirTurn() {
        states.put(StatesInMemory.state("prices", 10)
                .withRefused(List.of("1"))
                .withDiverged(Diverged.at(new Lsn(5), Kind.MOSTLY_REFUSED, "500 of 500")));
        var prices = new RefusedOfIndex("prices", List.of(), List.of("1"));

        var end =
                run.perform(List.of(prices, FOUND.get(0)), true, stop.asMono()).toFuture();
        tried("9");

        assertThat(end).isCompleted();
        List<RetryOutcome> outcomes = end.join();
        assertThat(outcomes).extracting(RetryOutcome::index).containsExactly("prices", "books");
        assertThat(outcomes.get(0).refused()).containsExactly("1");
        assertThat(outcomes.get(0).left())
                .hasValueSatisfying(why -> assertThat(why).contains("mostly-refused", "500 of 500"));
        assertThat(outcomes.get(1)).isEqualTo(new RetryOutcome("books", 2, List.of(), false));
        assertThat(events).contains("order books all").doesNotContain("order prices all");
    }

    @Test
    void whenTheOtherProcessIsGoneThisOneGoesOn() {
        isAnother = true;
        var end = perform(false);

        isAnother = false;
        timer.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(events).contains("followed");
        tried("9");
        assertThat(end).isCompletedWithValue(List.of(new RetryOutcome("books", 2, List.of(), false)));
        assertThat(events).endsWith("let go");
    }

    @Test
    void aProcessThatStopsByADivergenceIsNotWaitedFor() {
        isAnother = true;

        var end = perform(false);
        states.put(states.get("books").withDiverged(Diverged.gap(new Lsn(5), new Lsn(9), "the slot is lost")));
        pass();

        assertThat(end).isCompletedExceptionally();
    }

    @Test
    void anEngineThatIsAwayForAWhileEndsNothing() {
        isAnother = true;

        var end = perform(false);
        states.isAway = true;
        pass();
        assertThat(end).isNotDone();
        states.isAway = false;
        timer.advanceTimeBy(Duration.ofSeconds(10));
        tried("9");

        assertThat(end).isCompleted();
    }

    @Test
    void withoutDocumentsNothingIsDone() {
        assertThat(run.perform(List.of(), true, stop.asMono()).block()).isEmpty();

        assertThat(events).isEmpty();
    }

    private CompletableFuture<List<RetryOutcome>> perform(boolean whole) {
        return run.perform(FOUND, whole, stop.asMono()).toFuture();
    }

    /** As the process that follows does. */
    private void tried(String... stillRefused) {
        states.put(states.get("books").withRefused(List.of(stillRefused)));
        store.put("books", RetryOrder.NONE);
        pass();
    }

    private void pass() {
        timer.advanceTimeBy(Duration.ofSeconds(1));
    }
}
