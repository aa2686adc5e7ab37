package io.pgsync.core.pipeline;

import static io.pgsync.core.pipeline.SynchronizerRun.BEGIN;
import static io.pgsync.core.pipeline.SynchronizerRun.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.checkpoint.BackfillRequestedException;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** How a run follows its source until it is stopped. */
class SynchronizerTest {
    private final SynchronizerRun run = new SynchronizerRun();

    @Test
    void followsUntilItIsStoppedThenDrainsAndCloses() {
        run.follow(Flux.just(BEGIN, COMMIT).concatWith(Flux.never()));

        run.pass(1);
        run.stop();
        run.pass(1);

        assertThat(run.heard).containsExactly("0/14", "complete");
        assertThat(run.states.written).endsWith("slot 0/14", "closed");
        assertThat(run.slots.get(0).writtenBeforeLettingGo)
                .as("kept to the end of the drain")
                .isEqualTo("slot 0/14");
    }

    @Test
    void whatIsUnderWayAtTheStopIsConfirmedBeforeTheEnd() {
        Sinks.Many<ChangeEvent> events = Sinks.many().unicast().onBackpressureBuffer();
        run.follow(events.asFlux());

        events.tryEmitNext(BEGIN);
        events.tryEmitNext(COMMIT);
        run.stop();
        run.pass(1);

        assertThat(run.heard).containsExactly("0/14", "complete");
    }

    @Test
    void aStopDuringAPauseEndsAtOnce() {
        run.follow(List.of(Flux.error(new SyncException(Remedy.RETRY, "fault")), Flux.never()));

        run.stop();

        assertThat(run.heard).containsExactly("retrying", "complete");
    }

    @Test
    void aRunThatFailsAfterTheStopIsNotTriedAgain() {
        Sinks.Many<ChangeEvent> events = Sinks.many().unicast().onBackpressureBuffer();
        run.follow(List.of(events.asFlux(), Flux.never()));
        events.tryEmitNext(BEGIN);
        events.tryEmitNext(COMMIT);
        run.states.isAway = true;

        run.stop();
        run.pass(60);

        assertThat(run.heard).containsExactly("failed state store away");
    }

    @Test
    void aFailureOfClosingIsToldAsItIs() {
        run.closing = Mono.error(new SyncException(Remedy.RETRY, "cut"));
        run.follow(Flux.never());

        run.stop();
        run.pass(1);

        assertThat(run.heard).containsExactly("failed cut");
    }

    /** A document was set aside, or a load asked for, at the moment of the stop. */
    @ParameterizedTest
    @MethodSource
    void aRunThatOnlyHadToBeginAgainEndsWellWhenItIsStopped(SyncException startOver) {
        run.closing = Mono.error(startOver);
        run.follow(Flux.never());

        run.stop();
        run.pass(1);

        assertThat(run.heard).containsExactly("complete");
    }

    static List<SyncException> aRunThatOnlyHadToBeginAgainEndsWellWhenItIsStopped() {
        return List.of(
                new DivergenceException(List.of(new Divergence(Kind.SCHEMA_DRIFT, "shop", "a column is gone"))),
                new BackfillRequestedException("shop"));
    }
}
