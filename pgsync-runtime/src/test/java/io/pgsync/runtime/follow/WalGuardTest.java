package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.retention.Cause.Kind;
import io.pgsync.replication.retention.Cause.Sink;
import io.pgsync.replication.retention.Retention;
import io.pgsync.runtime.config.WalLimit;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class WalGuardTest {
    private static final long BUDGET = 1_000;
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final AtomicInteger questions = new AtomicInteger();
    private final Mono<Sink> sink = Mono.fromSupplier(() -> {
        questions.incrementAndGet();
        return new Sink(true, false);
    });

    @AfterEach
    void stop() {
        timer.dispose();
    }

    @Test
    void aFullBudgetEndsTheRunOfWhoeverChoseTheServersDisk() {
        StepVerifier.create(guard(true, 999, 1_000).watch())
                .then(() -> timer.advanceTimeBy(LOOK))
                .expectErrorSatisfies(failure -> assertThat(
                                ((WalBudgetExhausted) failure).status().retained())
                        .isEqualTo(1_000))
                .verify(Duration.ofSeconds(5));
    }

    @Test
    void withoutThatChoiceItGoesOnForEver() {
        WalGuard guard = guard(false, 5_000, 5_000);

        StepVerifier.create(guard.watch())
                .then(() -> timer.advanceTimeBy(LOOK.multipliedBy(2)))
                .thenCancel()
                .verify(Duration.ofSeconds(5));

        assertThat(guard.latest())
                .hasValueSatisfying(status -> assertThat(status.percent()).isEqualTo(500));
    }

    @Test
    void theOtherSideIsAskedOnlyWhenThereIsSomethingToExplain() {
        WalGuard guard = guard(true, 494, 500);

        StepVerifier.create(guard.watch())
                .then(() -> {
                    timer.advanceTimeBy(Duration.ZERO);
                    assertThat(questions).hasValue(0);
                    timer.advanceTimeBy(LOOK);
                })
                .thenCancel()
                .verify(Duration.ofSeconds(5));

        assertThat(questions).hasValue(1);
        assertThat(guard.latest())
                .hasValueSatisfying(status -> assertThat(status.cause().kind()).isEqualTo(Kind.ENGINE_AWAY));
    }

    @Test
    void aServerThatDoesNotAnswerIsPassedOver() {
        Queue<Mono<Retention>> looks = new ArrayDeque<>(
                List.of(Mono.error(new SyncException(Remedy.RETRY, "away")), Mono.just(Slots.keeping(2_000))));
        var guard = new WalGuard(Mono.defer(looks::remove), new WalLimit(Optional.of(BUDGET), true), sink, timer);

        StepVerifier.create(guard.watch())
                .then(() -> timer.advanceTimeBy(LOOK))
                .expectError(WalBudgetExhausted.class)
                .verify(Duration.ofSeconds(5));
    }

    private WalGuard guard(boolean ends, long first, long later) {
        Queue<Long> kept = new ArrayDeque<>(List.of(first));
        Mono<Retention> looks = Mono.fromSupplier(() -> Slots.keeping(kept.isEmpty() ? later : kept.remove()));
        return new WalGuard(looks, new WalLimit(Optional.of(BUDGET), ends), sink, timer);
    }
}
