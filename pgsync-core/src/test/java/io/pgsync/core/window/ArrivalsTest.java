package io.pgsync.core.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;
import reactor.test.scheduler.VirtualTimeScheduler;

class ArrivalsTest {
    private static final int LIMIT = 3;

    private final TestPublisher<Integer> source = TestPublisher.create();
    private final Flux<List<Integer>> arrivals = Arrivals.of(source.flux(), LIMIT, VirtualTimeScheduler.create());

    @Test
    void whatArrivesWhenItIsAskedForGoesOnAtOnce() {
        StepVerifier.create(arrivals, 2)
                .then(() -> source.next(1))
                .expectNext(List.of(1))
                .then(() -> source.next(2))
                .expectNext(List.of(2))
                .thenCancel()
                .verify();
    }

    @Test
    void whatArrivesMeanwhileGoesTogetherUpToTheLimit() {
        StepVerifier.create(arrivals, 0)
                .then(() -> source.next(1, 2, 3, 4, 5))
                .thenRequest(1)
                .expectNext(List.of(1, 2, 3))
                .thenRequest(1)
                .expectNext(List.of(4, 5))
                .thenCancel()
                .verify();
    }

    @Test
    void theSourceIsAskedForTwiceTheLimitAndThenForAsMuchAsWasTaken() {
        StepVerifier.create(arrivals, 0)
                .then(() -> source.assertMinRequested(2 * LIMIT))
                .then(() -> source.assertMaxRequested(2 * LIMIT))
                .then(() -> source.next(1, 2, 3, 4, 5, 6))
                .then(() -> source.assertMaxRequested(0))
                .thenRequest(1)
                .expectNextCount(1)
                .then(() -> source.assertMinRequested(LIMIT))
                .then(() -> source.assertMaxRequested(LIMIT))
                .thenCancel()
                .verify();
    }

    @Test
    void theEndComesBehindWhatWaits() {
        StepVerifier.create(arrivals, 0)
                .then(() -> source.next(1).complete())
                .thenRequest(1)
                .expectNext(List.of(1))
                .verifyComplete();
    }

    @Test
    void workOnTheLastListMayEndAfterTheStream() {
        var work = Sinks.<Void>empty();

        StepVerifier.create(arrivals.concatMap(list -> work.asMono().thenReturn(list), 1))
                .then(() -> source.next(1).complete())
                .then(work::tryEmitEmpty)
                .expectNext(List.of(1))
                .expectComplete()
                .verify(Duration.ofSeconds(20));
    }

    @Test
    void aFailureOvertakesWhatWaits() {
        StepVerifier.create(arrivals, 0)
                .then(() -> source.next(1).error(new IllegalStateException("broken")))
                .verifyErrorMessage("broken");
    }

    @Test
    void cancellingCancelsTheSource() {
        StepVerifier.create(arrivals).thenCancel().verify();

        source.assertCancelled();
    }

    /** Each element comes just when the one before has left: the moment at which a wake-up can be lost. */
    @Test
    void nothingIsHeldForEver() {
        Scheduler own = Schedulers.newSingle("arrivals");
        Sinks.Many<Integer> sink = Sinks.many().unicast().onBackpressureBuffer();
        var taken = new AtomicInteger();
        Arrivals.of(sink.asFlux(), LIMIT, own).concatMap(Flux::fromIterable, 1).subscribe(taken::set);

        long enough = System.nanoTime() + 20_000_000_000L;
        for (int i = 1; i <= 200_000 && System.nanoTime() < enough; i++) {
            sink.tryEmitNext(i).orThrow();
            long deadline = System.nanoTime() + 20_000_000_000L;
            while (taken.get() < i) {
                assertThat(System.nanoTime()).as("element %d", i).isLessThan(deadline);
                Thread.onSpinWait();
            }
            burn(i % 512);
        }
        own.dispose();
    }

    private static void burn(int rounds) {
        for (int i = 0; i < rounds; i++) {
            Thread.onSpinWait();
        }
    }
}
