package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;

class PositionWaitsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Deque<Sinks.One<Lsn>> markers = new ArrayDeque<>();
    private final PositionWaits waits = new PositionWaits(Mono.defer(() -> {
        Sinks.One<Lsn> marker = Sinks.one();
        markers.add(marker);
        return marker.asMono();
    }));

    @Test
    void whatIsStoredAlreadyNeedsNoMarker() {
        waits.stored(new Lsn(10));

        StepVerifier.create(waits.await(new Lsn(10))).expectNext(new Lsn(10)).verifyComplete();

        assertThat(markers).isEmpty();
    }

    @Test
    void aMarkerIsCommittedBehindThePositionAndEndsTheWaitWhenItIsStored() {
        StepVerifier.create(waits.await(new Lsn(10)))
                .then(() -> markers.element().tryEmitValue(new Lsn(12)))
                .then(() -> waits.stored(new Lsn(9)))
                .then(() -> waits.stored(new Lsn(13)))
                .expectNext(new Lsn(13))
                .expectComplete()
                .verify(PATIENCE);

        assertThat(markers).hasSize(1);
    }

    @Test
    void oneMarkerServesAllThatWait() {
        StepVerifier.create(Mono.zip(waits.await(new Lsn(10)), waits.await(new Lsn(11))))
                .then(() -> markers.element().tryEmitValue(new Lsn(12)))
                .then(() -> waits.stored(new Lsn(13)))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);

        assertThat(markers).hasSize(1);
    }

    @Test
    void whoComesBehindAMarkerThatIsUnderWayGetsAnother() {
        StepVerifier.create(Mono.zip(waits.await(new Lsn(10)), waits.await(new Lsn(20))))
                .then(() -> markers.remove().tryEmitValue(new Lsn(12)))
                .then(() -> markers.remove().tryEmitValue(new Lsn(22)))
                .then(() -> waits.stored(new Lsn(23)))
                .expectNextCount(1)
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aPositionThatTheLogHasNotReachedIsRefused() {
        StepVerifier.create(waits.await(new Lsn(1_000)))
                .then(() -> markers.element().tryEmitValue(new Lsn(12)))
                .expectError(IllegalArgumentException.class)
                .verify(PATIENCE);

        assertThat(markers).hasSize(1);
    }
}
