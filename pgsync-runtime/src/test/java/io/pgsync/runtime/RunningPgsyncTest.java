package io.pgsync.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentReads;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.LoadProgress;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
import io.pgsync.runtime.report.RunListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class RunningPgsyncTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Sinks.One<List<RunFigures>> end = Sinks.one();
    private final List<String> refreshed = new ArrayList<>();
    private RunListener listener = RunListener.NONE;
    private Optional<Kind> divergence = Optional.empty();
    private Mono<Lsn> position = Mono.just(new Lsn(20));

    @Test
    void closingLetsTheRunEndAndSaysNothingOfFailure() {
        RunningPgsync running = new RunningPgsync((stop, told) -> stop.thenReturn(List.of()));

        running.close();

        assertThat(running.end().toCompletableFuture()).isCompleted();
        assertThat(running.failure()).isEmpty();
    }

    @Test
    void whatEndedTheRunIsThrownByEveryCloseAnew() {
        RunningPgsync running = started();
        var lost = new SyncException(Remedy.REPAIR, "the slot is lost");
        end.tryEmitError(lost);

        assertThat(running.failure()).contains(lost);
        assertThatThrownBy(running::close).hasMessage("the slot is lost").hasCause(lost);
        refused(() -> running.close(PATIENCE), Remedy.REPAIR, "the slot is lost");
        assertThatThrownBy(() -> running.close(PATIENCE)).hasCause(lost);
    }

    @Test
    void whatNobodyFoundAWordForMayBeTriedAgain() {
        RunningPgsync running = started();
        end.tryEmitError(new IllegalStateException("a bug"));

        refused(running::close, Remedy.RETRY, "a bug");
    }

    @Test
    void patienceEndsWhileTheRunGoesOn() {
        RunningPgsync running = started();

        refused(() -> running.close(Duration.ofMillis(1)), Remedy.RETRY, "Not everything was stored");
        assertThat(running.failure()).isEmpty();
    }

    @Test
    void aThreadThatMustNotBlockMayNotClose() {
        RunningPgsync running = started();

        StepVerifier.create(Mono.fromRunnable(running::close).subscribeOn(Schedulers.parallel()))
                .verifyError(IllegalStateException.class);
    }

    @Test
    void readableMeansStoredAndSearchableInEveryIndex() {
        RunningPgsync running = started();

        StepVerifier.create(running.awaitReadable(new Lsn(20)))
                .then(() -> listener.began(List.of(new Followed())))
                .verifyComplete();

        assertThat(refreshed).containsExactly("books");
        assertThat(running.databases()).hasSize(1);
    }

    @Test
    void anIndexThatIsNotFollowedIsNeverReadable() {
        divergence = Optional.of(Kind.SCHEMA_DRIFT);
        position = Mono.never();
        RunningPgsync running = started();
        listener.began(List.of(new Followed()));

        StepVerifier.create(running.awaitReadable(new Lsn(20)))
                .expectErrorSatisfies(failure -> {
                    assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
                    assertThat(failure).hasMessageContaining("books").hasMessageContaining("schema-drift");
                })
                .verify(PATIENCE);
        assertThat(refreshed).isEmpty();
    }

    @Test
    void norIsOneThatIsSetAsideWhileSomebodyWaits() {
        position = Mono.fromSupplier(() -> {
            divergence = Optional.of(Kind.SCHEMA_DRIFT);
            return new Lsn(20);
        });
        RunningPgsync running = started();
        listener.began(List.of(new Followed()));

        StepVerifier.create(running.awaitReadable(new Lsn(20))).verifyError(SyncException.class);
        assertThat(refreshed).isEmpty();
    }

    @Test
    void whoeverWaitsLearnsThatTheRunIsOver() {
        RunningPgsync running = started();

        StepVerifier.create(running.awaitReadable(new Lsn(20)))
                .then(() -> end.tryEmitError(new SyncException(Remedy.STOP, "no right")))
                .verifyErrorMessage("no right");
        StepVerifier.create(new RunningPgsync((stop, told) -> Mono.empty()).awaitReadable(new Lsn(20)))
                .verifyErrorMessage("The run was closed");
    }

    private RunningPgsync started() {
        return new RunningPgsync((stop, told) -> {
            listener = told;
            return end.asMono();
        });
    }

    private static void refused(ThrowingCallable close, Remedy remedy, String reason) {
        assertThatThrownBy(close)
                .isInstanceOfSatisfying(
                        SyncException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo(remedy))
                .hasMessageContaining(reason);
    }

    private final class Followed implements FollowedDatabase {
        @Override
        public RunFigures figures() {
            var books = new IndexFigures(0, 0, 0, 0, 0, true, divergence);
            return new RunFigures(
                    "shop",
                    true,
                    0,
                    0,
                    Lsn.ZERO,
                    Duration.ZERO,
                    0,
                    0,
                    DocumentReads.NONE,
                    Map.of("books", books),
                    Optional.empty(),
                    Optional.empty());
        }

        @Override
        public Optional<LoadProgress> load() {
            return Optional.empty();
        }

        @Override
        public Mono<DatabaseStatus> status() {
            return Mono.never();
        }

        @Override
        public Mono<Lsn> await(Lsn target) {
            return position;
        }

        @Override
        public Mono<Void> refresh(String index) {
            return Mono.fromRunnable(() -> refreshed.add(index));
        }
    }
}
