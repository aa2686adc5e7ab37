package io.pgsync.core.pipeline;

import static io.pgsync.core.pipeline.ClaimedIndexes.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.handover.LogPosition;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

/** What a log of work holds, the indexes may lack; what it has lost, they may lack as well. */
class ClaimsWithALogTest {
    private final ClaimedIndexes indexes = new ClaimedIndexes();
    private final States states = indexes.states;
    private final GivenLog log = new GivenLog();

    @BeforeEach
    void putTheLog() {
        indexes.log = Optional.of(log);
    }

    @Test
    void aSlotAheadOfTheStatesIsNoGapAsLongAsTheLogHasTheRest() {
        states.put(States.state("a", 7));
        states.put(States.state("b", 5));
        log.position = new LogPosition(new Lsn(10), new Lsn(5));

        Claim claim = indexes.claim(SOURCE).block();

        assertThat(claim.log()).contains(log);
        assertThat(log.heard).containsExactly("owned", "begun");
    }

    @Test
    void whatWasConfirmedBeyondTheLogIsMissing() {
        states.put(States.state("a", 5));
        states.put(States.state("b", 5));
        log.position = new LogPosition(new Lsn(9), new Lsn(5));

        expectGap("changes from 0/5 to 0/A were confirmed");
    }

    /** The log does not give again what was stored once. */
    @Test
    void aStateThatWasSetBackIsAGap() {
        states.put(States.state("a", 7));
        states.put(States.state("b", 5));
        log.position = new LogPosition(new Lsn(10), new Lsn(7));

        expectGap("changes from 0/5 to 0/7 were confirmed");
    }

    @Test
    void whatTheLogHasLostIsMissing() {
        indexes.putStates();
        log.position = new LogPosition(new Lsn(10), new Lsn(10));
        log.loss = Optional.of("topic x was deleted");

        expectGap("topic x was deleted");
    }

    @Test
    void aLoadOfEverythingNeedsNothingOfTheLog() {
        states.put(States.state("a", 10).withBackfill(BackfillProgress.start(true)));
        states.put(States.state("b", 10).withBackfill(BackfillProgress.start(true)));
        log.loss = Optional.of("topic x was deleted");

        indexes.claim(SOURCE).block();

        assertThat(log.heard).containsExactly("owned", "begun anew");
    }

    @Test
    void theRunHasTheGenerationOfTheLog() {
        indexes.putStates();
        log.position = new LogPosition(new Lsn(10), new Lsn(10));
        log.generation = 70;

        assertThat(indexes.claim(SOURCE).block().generation()).isEqualTo(70);
        assertThat(states.get("a").generation()).isEqualTo(70);
    }

    private void expectGap(String what) {
        StepVerifier.create(indexes.claim(SOURCE))
                .verifyErrorSatisfies(failure ->
                        assertThat(failure).isInstanceOf(GapException.class).hasMessageContaining(what));
        assertThat(log.heard).containsExactly("owned", "closed");
    }
}
