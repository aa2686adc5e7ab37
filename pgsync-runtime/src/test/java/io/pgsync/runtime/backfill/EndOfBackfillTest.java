package io.pgsync.runtime.backfill;

import static io.pgsync.runtime.backfill.LoadedInMemory.slot;
import static io.pgsync.runtime.backfill.OrderedLoad.DONE;
import static io.pgsync.runtime.backfill.OrderedLoad.POLL;
import static io.pgsync.runtime.backfill.OrderedLoad.assertThatFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.source.Databases;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** With what the command that ordered a load ends. */
class EndOfBackfillTest {
    @AutoClose
    private final OrderedLoad load = new OrderedLoad();

    @Test
    void aStopLeavesTheOrderStanding() {
        load.database.slot = Mono.empty();

        var end = load.run();
        load.stop();

        assertThat(end).isCompletedWithValue(BackfillOutcome.STOPPED);
        assertThat(load.states.get("books").backfill()).isEqualTo(BackfillProgress.start(true));
    }

    @Test
    void anOrderThatStandsInPartStandsWhateverCameOfTheRest() {
        load.database.slot = Mono.empty();
        load.trees = List.of(Databases.tree("books"), Databases.tree("authors"));

        var end = load.run();
        load.comesTo("books", refused(9));
        load.stop();

        assertThat(end).isCompletedWithValue(BackfillOutcome.STOPPED);
    }

    @Test
    void aLoadOfWhichEverythingIsRefusedIsNoSuccess() {
        load.database.slot = Mono.empty();

        var end = load.run();
        load.comesTo("books", refused(9));

        assertThat(end).isCompletedWithValue(BackfillOutcome.REFUSED);
    }

    @Test
    void whoeverPerformsTheLoadAndEndsLeavesItsReason() {
        load.database.slot = Mono.just(slot(7));

        var end = load.run();
        load.diverges(Kind.GAP);

        assertThatFails(end, Remedy.REPAIR, "what was found");
    }

    @Test
    void whatIsSetAsideMeanwhileIsForAPersonToMend() {
        load.database.slot = Mono.just(slot(7));

        var end = load.run();
        load.diverges(Kind.SCHEMA_DRIFT);

        assertThatFails(end, Remedy.STOP, "what was found");
    }

    @Test
    void aConditionThatFailsInTheMiddleIsForAPersonToMend() {
        load.database.slot = Mono.empty();
        load.where = Optional.of("1 / price > 0");

        var end = load.run();
        load.comesTo("books", load.states.get("books").backfill().refused("division by zero"));

        assertThatFails(end, Remedy.STOP, "division by zero");
    }

    @Test
    void statesThatAreAwayAreAskedAgain() {
        load.database.slot = Mono.just(slot(7));

        var end = load.run();
        load.states.isAway = true;
        load.pass(POLL);
        load.states.isAway = false;
        load.comesTo("books", DONE);
        load.pass(Duration.ofMinutes(1));

        assertThat(end).isCompletedWithValue(BackfillOutcome.LOADED);
    }

    @Test
    void aStateThatIsRemovedTakesTheOrderWithIt() {
        load.database.slot = Mono.just(slot(7));

        var end = load.run();
        load.states.delete("books").block();
        load.pass(POLL);

        assertThatFails(end, Remedy.REPAIR, "\"books\"");
    }

    private static BackfillProgress refused(long documents) {
        return BackfillProgress.start(true)
                .loaded(List.of("9"), documents, documents)
                .in(Phase.DONE);
    }
}
