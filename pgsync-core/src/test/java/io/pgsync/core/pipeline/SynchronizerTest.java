package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.ChangeSource;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.change.Xid;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequestedException;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.StatementRefusedException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.SchemaWatch;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class SynchronizerTest {
    private static final DocumentTree TREE = Trees.nodes("{'table': 't'}", Tables.table("t", "id int4 pk"));
    private static final ChangeEvent BEGIN = new Begin(new Xid(1), new Lsn(20), Instant.EPOCH);
    private static final ChangeEvent COMMIT = new Commit(new Lsn(19), new Lsn(20), Instant.EPOCH);

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final States states = new States();
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private final List<String> heard = new ArrayList<>();
    private Mono<Void> opening = Mono.empty();
    private Mono<Void> closing = Mono.empty();
    private NothingLeft nothingLeft = NothingLeft.ENDS;
    private int opened;
    private String uuid = "uuid";

    SynchronizerTest() {
        states.put(
                new SyncState("shop", "uuid", States.IDENTITY, 1, "f", BackfillProgress.DONE, new Lsn(10), List.of()));
    }

    @Test
    void followsUntilItIsStoppedThenDrainsAndCloses() {
        run(Flux.just(BEGIN, COMMIT).concatWith(Flux.never()));

        pass(1);
        stop.tryEmitEmpty();
        pass(1);

        assertThat(heard).containsExactly("0/14", "complete");
        assertThat(states.written).endsWith("slot 0/14", "closed");
    }

    @Test
    void whatIsUnderWayAtTheStopIsConfirmedBeforeTheEnd() {
        Sinks.Many<ChangeEvent> events = Sinks.many().unicast().onBackpressureBuffer();
        run(events.asFlux());

        events.tryEmitNext(BEGIN);
        events.tryEmitNext(COMMIT);
        stop.tryEmitEmpty();
        pass(1);

        assertThat(heard).containsExactly("0/14", "complete");
    }

    /** The index is an alias, and somebody switched it to another index. */
    @Test
    void anIndexWhoseNameStandsForAnotherOneIsNoticed() {
        run(Flux.never());
        pass(25);
        uuid = "";
        pass(25);
        assertThat(heard).isEmpty();

        uuid = "another";
        pass(11);

        assertThat(heard).singleElement().asString().contains("its name leads to another index");
    }

    @Test
    void aFaultThatPassesIsTriedAgainAsANewGeneration() {
        run(List.of(
                failing(Remedy.RETRY),
                failing(Remedy.RETRY),
                Flux.just(BEGIN, COMMIT).concatWith(Flux.never())));

        pass(60);

        assertThat(heard).containsExactly("retrying", "retrying", "0/14");
        assertThat(states.get("shop").generation()).isEqualTo(4);
        assertThat(states.written).filteredOn("closed"::equals).hasSize(2);
    }

    @Test
    void severalFaultsAtOnceThatPassAreTriedAgain() {
        run(List.of(atOnce(Remedy.RETRY, Remedy.RETRY), Flux.never()));

        pass(60);

        assertThat(heard).containsExactly("retrying");
    }

    @Test
    void theGravestOfSeveralFaultsAtOnceCounts() {
        run(List.of(atOnce(Remedy.RETRY, Remedy.REPAIR), Flux.never()));

        pass(60);

        assertThat(heard).containsExactly("failed fault");
    }

    private static Flux<ChangeEvent> atOnce(Remedy one, Remedy other) {
        return Flux.error(Exceptions.multiple(new SyncException(one, "fault"), new SyncException(other, "fault")));
    }

    @ParameterizedTest
    @EnumSource(
            value = Remedy.class,
            names = {"STOP", "REPAIR"})
    void whatNeedsAPersonEndsTheRun(Remedy remedy) {
        run(List.of(failing(remedy), Flux.never()));

        pass(60);

        assertThat(heard).containsExactly("failed fault");
        assertThat(states.written).endsWith("closed");
    }

    /** The tables say nothing of it, so it is all that is known. */
    @Test
    void aStatementThatIsRefusedForGoodSetsItsDocumentAside() {
        var refused = new StatementRefusedException(
                List.of(new Divergence(Kind.UNREADABLE, "shop", "permission denied")),
                new SyncException(Remedy.STOP, "PostgreSQL: permission denied"));
        run(List.of(Flux.error(refused), Flux.never()));

        pass(60);

        assertThat(states.get("shop").diverged().map(Diverged::kind)).contains(Kind.UNREADABLE);
        assertThat(heard).hasSize(2).startsWith("retrying").last().asString().contains("No document is left to follow");
    }

    @Test
    void aLogThatIsGoneEndsTheRunOnlyWhereADocumentNeedsIt() {
        opening = Mono.error(new SyncException(Remedy.REPAIR, "slot gone"));
        nothingLeft = failure -> Mono.empty();
        run(Flux.never());
        assertThat(heard).containsExactly("failed slot gone");

        SyncState followed = states.get("shop");
        states.put(followed.withDiverged(Diverged.at(new Lsn(10), Kind.SCHEMA_DRIFT, "column gone")));
        heard.clear();
        run(Flux.never());
        pass(60);
        assertThat(heard).containsExactly("without log: slot gone");

        stop.tryEmitEmpty();
        assertThat(heard).endsWith("complete");
    }

    @Test
    void aLogThatIsGoneIsWhatIsSaidWhereNoOtherSourceGoesOn() {
        opening = Mono.error(new SyncException(Remedy.REPAIR, "slot gone"));
        SyncState followed = states.get("shop");
        states.put(followed.withDiverged(Diverged.at(new Lsn(10), Kind.SCHEMA_DRIFT, "column gone")));

        run(Flux.never());

        assertThat(heard).containsExactly("failed slot gone");
    }

    @Test
    void aStreamThatEndsByItselfIsAFault() {
        run(List.of(Flux.empty(), Flux.never()));

        pass(60);

        assertThat(heard).containsExactly("retrying");
    }

    @Test
    void anEngineThatIsAwayIsFoundAgainWithinSecondsAndCostsTheSourceNothing() {
        states.isAway = true;
        run(Flux.never());
        pass(600);
        assertThat(opened).isZero();

        states.isAway = false;
        pass(3);

        assertThat(opened).isOne();
    }

    @Test
    void aStopDuringAPauseEndsAtOnce() {
        run(List.of(failing(Remedy.RETRY), Flux.never()));

        stop.tryEmitEmpty();

        assertThat(heard).containsExactly("retrying", "complete");
    }

    @Test
    void aRunThatFailsAfterTheStopIsNotTriedAgain() {
        Sinks.Many<ChangeEvent> events = Sinks.many().unicast().onBackpressureBuffer();
        run(List.of(events.asFlux(), Flux.never()));
        events.tryEmitNext(BEGIN);
        events.tryEmitNext(COMMIT);
        states.isAway = true;

        stop.tryEmitEmpty();
        pass(60);

        assertThat(heard).containsExactly("failed state store away");
    }

    @Test
    void theFaultCountsNotThatOfClosingWhatItBroke() {
        closing = Mono.error(new IllegalStateException("broken"));
        run(List.of(failing(Remedy.RETRY), Flux.never()));

        pass(60);

        assertThat(heard).containsExactly("retrying");
    }

    @Test
    void aFailureOfClosingIsToldAsItIs() {
        closing = Mono.error(new SyncException(Remedy.RETRY, "cut"));
        run(Flux.never());

        stop.tryEmitEmpty();
        pass(1);

        assertThat(heard).containsExactly("failed cut");
    }

    /** A document was set aside, or a load asked for, at the moment of the stop. */
    @ParameterizedTest
    @MethodSource
    void aRunThatOnlyHadToBeginAgainEndsWellWhenItIsStopped(SyncException startOver) {
        closing = Mono.error(startOver);
        run(Flux.never());

        stop.tryEmitEmpty();
        pass(1);

        assertThat(heard).containsExactly("complete");
    }

    static List<SyncException> aRunThatOnlyHadToBeginAgainEndsWellWhenItIsStopped() {
        return List.of(
                new DivergenceException(List.of(new Divergence(Kind.SCHEMA_DRIFT, "shop", "a column is gone"))),
                new BackfillRequestedException("shop"));
    }

    /** Each run opens the next of {@code streams}. */
    private void run(Flux<ChangeEvent> first) {
        run(List.of(first));
    }

    private void run(List<Flux<ChangeEvent>> streams) {
        Iterator<Flux<ChangeEvent>> next = streams.iterator();
        var options = new PipelineContext(PipelineSettings.DEFAULT, listener(), time, nothingLeft);
        new Synchronizer(
                        List.of(TREE),
                        new SourcePorts(
                                opening.then(Mono.fromSupplier(() -> source(next.next()))),
                                xids -> Mono.empty(),
                                SourceViews.NONE,
                                null,
                                null,
                                SchemaWatch.NONE),
                        new IndexPorts(ownership(), null, states, null),
                        options)
                .run(stop.asMono())
                .subscribe(
                        position -> heard.add(position.toString()),
                        failure -> heard.add("failed " + failure.getMessage()),
                        () -> heard.add("complete"));
    }

    private PipelineListener listener() {
        return new PipelineListener() {
            @Override
            public void retrying(SyncException failure) {
                heard.add("retrying");
            }

            @Override
            public void withoutLog(SyncException failure) {
                heard.add("without log: " + failure.getMessage());
            }
        };
    }

    private ChangeSource source(Flux<ChangeEvent> stream) {
        opened++;
        ChangeSource inMemory = states.source(10, stream);
        return new ChangeSource() {
            @Override
            public SourcePosition position() {
                return inMemory.position();
            }

            @Override
            public Flux<ChangeEvent> changes() {
                return stream;
            }

            @Override
            public Mono<Void> acknowledge(Lsn end) {
                return inMemory.acknowledge(end);
            }

            @Override
            public Mono<Void> close() {
                return inMemory.close().then(closing);
            }
        };
    }

    private IndexOwnership ownership() {
        return new IndexOwnership() {
            @Override
            public Mono<String> indexUuid(String index) {
                return uuid.isEmpty() ? Mono.error(new SyncException(Remedy.RETRY, "away")) : Mono.just(uuid);
            }

            @Override
            public Mono<DocumentSink> takeOver(DocumentTree tree, long generation) {
                return Mono.just(batch -> Mono.empty());
            }
        };
    }

    private static Flux<ChangeEvent> failing(Remedy remedy) {
        return Flux.error(new SyncException(remedy, "fault"));
    }

    private void pass(int seconds) {
        time.advanceTimeBy(Duration.ofSeconds(seconds));
    }
}
