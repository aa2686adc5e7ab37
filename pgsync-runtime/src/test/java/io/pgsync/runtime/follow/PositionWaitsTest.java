package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class PositionWaitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Deque<Sinks.One<Lsn>> markers = new ArrayDeque<>();
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final PositionWaits waits = new PositionWaits(
            Mono.defer(() -> {
                Sinks.One<Lsn> marker = Sinks.one();
                markers.add(marker);
                return marker.asMono();
            }),
            timer);

    @Test
    void whatIsStoredAlreadyNeedsNoMarker() {
        waits.stored(new Lsn(10));

        StepVerifier.create(waits.await(new Lsn(10))).expectNext(new Lsn(10)).verifyComplete();

        assertThat(markers).isEmpty();
    }

    @Test
    void aMarkerIsCommittedBehindThePositionAndEndsTheWaitWhenItIsStored() {
        StepVerifier.create(waits.await(new Lsn(10)))
                .then(this::pause)
                .then(() -> markers.element().tryEmitValue(new Lsn(12)))
                .then(() -> waits.stored(new Lsn(9)))
                .then(() -> waits.stored(new Lsn(13)))
                .expectNext(new Lsn(13))
                .expectComplete()
                .verify(PATIENCE);

        assertThat(markers).hasSize(1);
    }

    @Test
    void noMarkerIsNeededWhereACommitComesSoon() {
        StepVerifier.create(waits.await(new Lsn(10)))
                .then(() -> waits.stored(new Lsn(13)))
                .then(this::pause)
                .expectNext(new Lsn(13))
                .expectComplete()
                .verify(PATIENCE);

        assertThat(markers).isEmpty();
    }

    @Test
    void oneMarkerServesAllThatWait() {
        StepVerifier.create(Mono.zip(waits.await(new Lsn(10)), waits.await(new Lsn(11))))
                .then(this::pause)
                .then(() -> markers.element().tryEmitValue(new Lsn(12)))
                .then(() -> waits.stored(new Lsn(13)))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);

        assertThat(markers).hasSize(1);
    }

    @Test
    void whoComesBehindAMarkerThatIsUnderWayGetsAnother() {
        var first = waits.await(new Lsn(10)).toFuture();
        pause();
        var second = waits.await(new Lsn(20)).toFuture();

        markers.remove().tryEmitValue(new Lsn(12));
        pause();
        markers.remove().tryEmitValue(new Lsn(22));
        waits.stored(new Lsn(23));

        assertThat(first).isCompletedWithValue(new Lsn(23));
        assertThat(second).isCompletedWithValue(new Lsn(23));
    }

    /** After a promotion: the former log had come to 100, and what had been there is not in this one. */
    @Test
    void whatWasStoredOfAnotherLogCountsNoMore() {
        waits.stored(new Lsn(100));
        waits.beginAt(new Lsn(50));

        StepVerifier.create(waits.await(new Lsn(60)))
                .then(this::pause)
                .then(() -> markers.element().tryEmitValue(new Lsn(62)))
                .then(() -> waits.stored(new Lsn(63)))
                .expectNext(new Lsn(63))
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aPositionThatTheLogHasNotReachedIsRefused() {
        StepVerifier.create(waits.await(new Lsn(1_000)))
                .then(this::pause)
                .then(() -> markers.element().tryEmitValue(new Lsn(12)))
                .expectError(IllegalArgumentException.class)
                .verify(PATIENCE);

        assertThat(markers).hasSize(1);
    }

    private void pause() {
        timer.advanceTimeBy(PAUSE);
    }
}
