package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.retention.Cause.Kind;
import io.pgsync.replication.retention.Cause.Takers;
import io.pgsync.replication.retention.Retention;
import io.pgsync.runtime.config.WalLimit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

class WalGuardTest {
    private static final long BUDGET = 1_000;
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final AtomicInteger questions = new AtomicInteger();
    private final Mono<Takers> takers = Mono.fromSupplier(() -> {
        questions.incrementAndGet();
        return Takers.engine(true, false);
    });

    @AfterEach
    void stop() {
        timer.dispose();
    }

    @Test
    void aFullBudgetEndsTheRunOfWhoeverChoseTheServersDisk() {
        var end = watched(guard(true, 999, 1_000));
        assertThat(end).isNotDone();

        timer.advanceTimeBy(LOOK);

        assertThat(exhausted(end).status().retained()).isEqualTo(1_000);
    }

    @Test
    void withoutThatChoiceItGoesOnForEver() {
        WalGuard guard = guard(false, 5_000, 5_000);

        var end = watched(guard);
        timer.advanceTimeBy(LOOK.multipliedBy(2));

        assertThat(end).isNotDone();
        assertThat(guard.latest())
                .hasValueSatisfying(status -> assertThat(status.percent()).isEqualTo(500));
    }

    @Test
    void theOtherSideIsAskedOnlyWhenThereIsSomethingToExplain() {
        WalGuard guard = guard(true, 494, 500);

        watched(guard);
        assertThat(questions).hasValue(0);
        timer.advanceTimeBy(LOOK);

        assertThat(questions).hasValue(1);
        assertThat(guard.latest())
                .hasValueSatisfying(status -> assertThat(status.cause().kind()).isEqualTo(Kind.ENGINE_AWAY));
    }

    @Test
    void aServerThatDoesNotAnswerIsPassedOver() {
        Queue<Mono<Retention>> looks = new ArrayDeque<>(
                List.of(Mono.error(new SyncException(Remedy.RETRY, "away")), Mono.just(Slots.keeping(2_000))));

        var end = watched(
                new WalGuard(Mono.defer(looks::remove), new WalLimit(Optional.of(BUDGET), true), takers, timer));
        timer.advanceTimeBy(LOOK);

        assertThat(exhausted(end).status().retained()).isEqualTo(2_000);
    }

    /** Up to the first look. */
    private CompletableFuture<Void> watched(WalGuard guard) {
        CompletableFuture<Void> end = guard.watch().toFuture();
        timer.advanceTimeBy(Duration.ZERO);
        return end;
    }

    private static WalBudgetExhausted exhausted(CompletableFuture<Void> end) {
        assertThat(end).isCompletedExceptionally();
        return (WalBudgetExhausted) end.handle((done, failure) -> failure).join();
    }

    private WalGuard guard(boolean ends, long first, long later) {
        Queue<Long> kept = new ArrayDeque<>(List.of(first));
        Mono<Retention> looks = Mono.fromSupplier(() -> Slots.keeping(kept.isEmpty() ? later : kept.remove()));
        return new WalGuard(looks, new WalLimit(Optional.of(BUDGET), ends), takers, timer);
    }
}
