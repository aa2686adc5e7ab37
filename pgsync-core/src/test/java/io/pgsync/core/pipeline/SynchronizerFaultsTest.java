package io.pgsync.core.pipeline;

import static io.pgsync.core.pipeline.SynchronizerRun.BEGIN;
import static io.pgsync.core.pipeline.SynchronizerRun.COMMIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.StatementRefusedException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Which faults a run gets over, and which end it. */
class SynchronizerFaultsTest {
    private final SynchronizerRun run = new SynchronizerRun();

    /** The index is an alias, and somebody switched it to another index. */
    @Test
    void anIndexWhoseNameStandsForAnotherOneIsNoticed() {
        run.follow(Flux.never());
        run.pass(25);
        run.indexes.uuids.put("shop", Mono.error(new SyncException(Remedy.RETRY, "away")));
        run.pass(25);
        assertThat(run.heard).isEmpty();

        run.indexes.uuids.put("shop", Mono.just("another"));
        run.pass(11);

        assertThat(run.heard).singleElement().asString().contains("its name leads to another index");
    }

    @Test
    void aFaultThatPassesIsTriedAgainAsANewGeneration() {
        run.follow(List.of(
                failing(Remedy.RETRY),
                failing(Remedy.RETRY),
                Flux.just(BEGIN, COMMIT).concatWith(Flux.never())));

        run.pass(60);

        assertThat(run.heard).containsExactly("retrying", "retrying", "0/14");
        assertThat(run.states.get("shop").generation()).isEqualTo(4);
        assertThat(run.states.written).filteredOn("closed"::equals).hasSize(2);
    }

    @Test
    void aSlotThatAnotherReaderHasTakenIsGivenUp() {
        run.follow(List.of(Flux.never(), Flux.never()));
        run.pass(1);

        run.slots.get(0).taken.tryEmitError(new SyncException(Remedy.RETRY, "taken"));
        run.pass(5);

        assertThat(run.heard).containsExactly("retrying");
        assertThat(run.slots).hasSize(2);
        assertThat(run.states.written).contains("closed");
    }

    @Test
    void severalFaultsAtOnceThatPassAreTriedAgain() {
        run.follow(List.of(atOnce(Remedy.RETRY, Remedy.RETRY), Flux.never()));

        run.pass(60);

        assertThat(run.heard).containsExactly("retrying");
    }

    @Test
    void theGravestOfSeveralFaultsAtOnceCounts() {
        run.follow(List.of(atOnce(Remedy.RETRY, Remedy.REPAIR), Flux.never()));

        run.pass(60);

        assertThat(run.heard).containsExactly("failed fault");
    }

    private static Flux<ChangeEvent> atOnce(Remedy one, Remedy other) {
        return Flux.error(Exceptions.multiple(new SyncException(one, "fault"), new SyncException(other, "fault")));
    }

    @ParameterizedTest
    @EnumSource(
            value = Remedy.class,
            names = {"STOP", "REPAIR"})
    void whatNeedsAPersonEndsTheRun(Remedy remedy) {
        run.follow(List.of(failing(remedy), Flux.never()));

        run.pass(60);

        assertThat(run.heard).containsExactly("failed fault");
        assertThat(run.states.written).endsWith("closed");
    }

    /** The tables say nothing of it, so it is all that is known. */
    @Test
    void aStatementThatIsRefusedForGoodSetsItsDocumentAside() {
        var refused = new StatementRefusedException(
                List.of(new Divergence(Kind.UNREADABLE, "shop", "permission denied")),
                new SyncException(Remedy.STOP, "PostgreSQL: permission denied"));
        run.follow(List.of(Flux.error(refused), Flux.never()));

        run.pass(60);

        assertThat(run.states.get("shop").diverged().map(Diverged::kind)).contains(Kind.UNREADABLE);
        assertThat(run.heard)
                .hasSize(2)
                .startsWith("retrying")
                .last()
                .asString()
                .contains("No document is left to follow");
    }

    @Test
    void aLogThatIsGoneEndsTheRunOnlyWhereADocumentNeedsIt() {
        run.opening = Mono.error(new SyncException(Remedy.REPAIR, "slot gone"));
        run.nothingLeft = failure -> Mono.empty();
        run.follow(Flux.never());
        assertThat(run.heard).containsExactly("failed slot gone");

        SyncState followed = run.states.get("shop");
        run.states.put(followed.withDiverged(Diverged.at(new Lsn(10), Kind.SCHEMA_DRIFT, "column gone")));
        run.heard.clear();
        run.follow(Flux.never());
        run.pass(60);
        assertThat(run.heard).containsExactly("without log: slot gone");

        run.stop();
        assertThat(run.heard).endsWith("complete");
    }

    @Test
    void aLogThatIsGoneIsWhatIsSaidWhereNoOtherSourceGoesOn() {
        run.opening = Mono.error(new SyncException(Remedy.REPAIR, "slot gone"));
        SyncState followed = run.states.get("shop");
        run.states.put(followed.withDiverged(Diverged.at(new Lsn(10), Kind.SCHEMA_DRIFT, "column gone")));

        run.follow(Flux.never());

        assertThat(run.heard).containsExactly("failed slot gone");
    }

    @Test
    void aStreamThatEndsByItselfIsAFault() {
        run.follow(List.of(Flux.empty(), Flux.never()));

        run.pass(60);

        assertThat(run.heard).containsExactly("retrying");
    }

    @Test
    void anEngineThatIsAwayIsFoundAgainWithinSecondsAndCostsTheSourceNothing() {
        run.states.isAway = true;
        run.follow(Flux.never());
        run.pass(600);
        assertThat(run.slots).isEmpty();

        run.states.isAway = false;
        run.pass(3);

        assertThat(run.slots).hasSize(1);
    }

    @Test
    void theFaultCountsNotThatOfClosingWhatItBroke() {
        run.closing = Mono.error(new IllegalStateException("broken"));
        run.follow(List.of(failing(Remedy.RETRY), Flux.never()));

        run.pass(60);

        assertThat(run.heard).containsExactly("retrying");
    }

    private static Flux<ChangeEvent> failing(Remedy remedy) {
        return Flux.error(new SyncException(remedy, "fault"));
    }
}
