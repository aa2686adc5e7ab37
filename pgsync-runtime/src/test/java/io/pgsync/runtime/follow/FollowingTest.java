package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.audit.AuditStore;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.retention.Cause.Takers;
import io.pgsync.replication.retention.Retention;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.config.WalLimit;
import io.pgsync.runtime.follow.Following.Parts;
import io.pgsync.runtime.report.FollowedDatabase;
import io.pgsync.runtime.report.RunFigures;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.status.IndexesInMemory;
import io.pgsync.runtime.status.StatusReader;
import io.pgsync.runtime.status.StatusReader.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class FollowingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(50);

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final List<String> events = new ArrayList<>();
    private final StatesInMemory states = StatesInMemory.of("books");
    private final RunReport report = report("shop");
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private Mono<Retention> looks = Mono.just(Slots.keeping(10));
    private Function<Mono<Void>, Flux<Lsn>> pipeline = untilStop -> Flux.from(untilStop.thenReturn(new Lsn(20)))
            .doOnNext(position -> events.add("stored what was under way"))
            .doOnCancel(() -> events.add("stream let go"));

    @AfterEach
    void close() {
        timer.dispose();
    }

    @Test
    void aStopEndsStreamHeartbeatAndGuard() {
        var end = following().until(stop.asMono()).toFuture();
        timer.advanceTimeBy(Duration.ofSeconds(20));
        stop.tryEmitEmpty();

        assertThat(end).isCompleted();
        assertThat(events).containsExactly("beat", "beat", "stored what was under way");
    }

    @Test
    void theAuditsOfADaemonEndWithIt() {
        var end = following().auditedUntil(stop.asMono()).toFuture();
        stop.tryEmitEmpty();

        assertThat(end).isCompleted();
        assertThat(events).containsExactly("audits", "stored what was under way");
    }

    @Test
    void aRunThatFailsEndsItsAudits() {
        pipeline = untilStop ->
                Flux.<Lsn>error(new SyncException(Remedy.STOP, "no right")).delaySubscription(POLL, timer);

        var end = following().auditedUntil(Mono.never()).toFuture();
        pause();

        assertThat(end).isCompletedExceptionally();
        assertThat(events).containsExactly("audits", "audits end");
    }

    @Test
    void caughtUpIsWhenLoadsAreOverAndWhatWasCommittedBeforeIsConfirmed() {
        report.resumes("books", BackfillProgress.start(true));

        var end = following().untilCaughtUp(Mono.never()).toFuture();
        report.acknowledged(new Lsn(30));
        pause();
        report.acknowledged(new Lsn(29));
        report.loaded("books", BackfillProgress.DONE);
        pause();
        assertThat(end).isNotDone();
        report.acknowledged(new Lsn(30));
        pause();

        assertThat(end).isCompleted();
        assertThat(events).containsExactly("stored what was under way");
    }

    @Test
    void whoCatchesUpMayBeStoppedBefore() {
        var end = following().untilCaughtUp(stop.asMono()).toFuture();
        stop.tryEmitEmpty();

        assertThat(end).isCompleted();
    }

    @Test
    void aFullBudgetLetsTheStreamGoBeforeTheSlotIsDropped() {
        looks = Mono.just(Slots.keeping(1_000));

        StepVerifier.create(following().until(Mono.never()))
                .then(() -> timer.advanceTimeBy(Duration.ZERO))
                .expectErrorSatisfies(failure -> {
                    assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.REPAIR);
                    assertThat(failure).hasMessageContaining("Repair it with: ");
                })
                .verify(PATIENCE);

        assertThat(events).containsExactly("stream let go", "slot dropped");
        assertThat(states.get("books").diverged().map(Diverged::kind)).contains(Kind.GAP);
    }

    @Test
    void aGapEndsTheRunWithTheCommandThatRepairsIt() {
        pipeline = untilStop -> Flux.error(new GapException("books", "the slot is lost."));

        StepVerifier.create(following().until(Mono.never()))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .hasMessageContaining("Repair it with: pgsync backfill -c schema.json --document books"));
    }

    @Test
    void oneDatabaseThatFailsEndsTheOthers() {
        Following well = following();
        pipeline = untilStop -> Flux.error(new SyncException(Remedy.STOP, "no right"));

        StepVerifier.create(new Followings(Mono.just(List.of(well, following())), RunListener.NONE, RunWatch.NONE)
                        .until(stop.asMono()))
                .expectErrorMessage("no right")
                .verify(PATIENCE);

        assertThat(events).contains("stream let go");
    }

    @Test
    void atTheEndEveryDatabaseSaysHowItStood() {
        var followings = List.of(following(), following("bank", report("bank")));

        StepVerifier.create(new Followings(Mono.just(followings), RunListener.NONE, RunWatch.NONE)
                        .until(Mono.empty())
                        .flatMapIterable(Followings.Ended::figures)
                        .map(RunFigures::database))
                .expectNext("shop", "bank")
                .expectComplete()
                .verify(PATIENCE);
    }

    @Test
    void aListenerKnowsOfTheRunFromBeforeItBeginsUntilAfterItsEnd() {
        Mono<Void> work = Mono.fromRunnable(() -> events.add("work"));

        StepVerifier.create(told(new Listener(), work)).expectComplete().verify(PATIENCE);
        StepVerifier.create(told(new Listener(), Mono.error(new SyncException(Remedy.STOP, "no right"))))
                .expectErrorMessage("no right")
                .verify(PATIENCE);

        assertThat(events).containsExactly("began 1", "work", "ended", "began 1", "ended");
    }

    @Test
    void whatAListenerThrowsAtTheStartEndsTheRunAndAtItsEndNothing() {
        RunListener refusing = databases -> {
            throw new IllegalStateException("port in use");
        };
        StepVerifier.create(told(refusing, Mono.fromRunnable(() -> events.add("work"))))
                .expectErrorMessage("port in use")
                .verify(PATIENCE);

        StepVerifier.create(told(
                        new Listener() {
                            @Override
                            public void ended() {
                                throw new IllegalStateException("cannot close");
                            }
                        },
                        Mono.empty()))
                .expectComplete()
                .verify(PATIENCE);
        assertThat(events).containsExactly("began 1");
    }

    private Mono<Void> told(RunListener listener, Mono<Void> work) {
        return Following.told(listener, List.of(following()), work);
    }

    private class Listener implements RunListener {
        @Override
        public void began(List<FollowedDatabase> databases) {
            events.add("began " + databases.size());
        }

        @Override
        public void ended() {
            events.add("ended");
        }
    }

    private void pause() {
        timer.advanceTimeBy(POLL);
    }

    private static RunReport report(String database) {
        return new RunReport(database, Map.of("books", 10L), new RepairCommand("schema.json", false));
    }

    private Following following() {
        return following("shop", report);
    }

    private Following following(String name, RunReport its) {
        Database database = Databases.named(name, Databases.tree("books"));
        Mono<Void> drop = Mono.fromRunnable(() -> events.add("slot dropped"));
        var parts = new Parts(
                pipeline,
                Mono.just(new Lsn(30)),
                Flux.interval(Duration.ofSeconds(10), timer)
                        .map(beat -> new Lsn(40))
                        .doOnNext(beat -> events.add("beat")),
                untilStop -> untilStop.doFirst(() -> events.add("audits")).doOnCancel(() -> events.add("audits end")),
                new WalGuard(looks, new WalLimit(Optional.of(1_000L), true), Mono.just(Takers.WELL), timer),
                new SlotRelease("pgsync", List.of("books"), drop, states),
                new RepairAdvice(states, new RepairCommand("schema.json", false), any -> Mono.just("0/64")),
                timer);
        return new Following(database, its, running(database, its), parts);
    }

    /** What the endpoints would ask; here nobody does. */
    private RunningDatabase running(Database database, RunReport its) {
        var status = new StatusReader(
                new Subject(
                        database.name(), "pgsync", List.of("books"), Map.of(), new RepairCommand("schema.json", false)),
                looks,
                states,
                AuditStore.NONE,
                new IndexesInMemory(),
                Optional.empty());
        var waits = new PositionWaits(Mono.never(), timer);
        return new RunningDatabase(database, its, waits, status, new KeysInMemory(), timer);
    }
}
