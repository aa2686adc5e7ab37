package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.test.StepVerifier;

/** A standby that kept the slot in step was promoted, and the claim finds it in the place of the primary. */
class PromotedSourceTest {
    private static final SourceIdentity PROMOTED = identity("42", 2, "shop", "pgsync");

    private final ClaimedIndexes indexes = new ClaimedIndexes();
    private final States states = indexes.states;

    /** What only the former primary had committed may be in any document. */
    @Test
    void theStreamGoesOnAndEverythingIsLoadedAgain() {
        indexes.putStates();
        states.put(States.state("b", 90)
                .withRefused(List.of("7"))
                .withDiverged(Diverged.at(new Lsn(10), Kind.DEFINITION_CHANGED, "a function changed")));

        Claim claim = indexes.claim(handedOn(PROMOTED, 9)).block();

        assertThat(claim.states()).containsOnlyKeys("a", "b");
        for (String index : List.of("a", "b")) {
            SyncState now = states.get(index);
            assertThat(now.source()).isEqualTo(PROMOTED);
            assertThat(now.stored()).isEqualTo(new Lsn(9));
            assertThat(now.backfill()).isEqualTo(BackfillProgress.start(true));
        }
        assertThat(states.get("b").refused()).containsExactly("7");
        assertThat(states.get("b").diverged()).isEmpty();
        assertThat(indexes.heard).containsExactly("handed on to timeline 2 at 0/9");
    }

    /** Its positions are those of another log, which may have been longer. */
    @Test
    void theEndOfItsLogProvesNothing() {
        states.put(States.state("a", 1_000));
        states.put(States.state("b", 1_000));

        indexes.claim(handedOn(PROMOTED, 9)).block();

        assertThat(states.get("a").stored()).isEqualTo(new Lsn(9));
    }

    @Test
    void theNextClaimFindsNothingToDo() {
        indexes.putStates();
        indexes.claim(handedOn(PROMOTED, 9)).block();
        states.put(states.get("a").withBackfill(BackfillProgress.DONE));
        indexes.heard.clear();

        indexes.claim(handedOn(PROMOTED, 9)).block();

        assertThat(states.get("a").backfill().isDone()).isTrue();
        assertThat(indexes.heard).isEmpty();
    }

    @Test
    void changesThatOnlyTheSlotIsSaidToHaveStoredAreAGap() {
        indexes.putStates();

        expectGap(handedOn(PROMOTED, 11), "changes from 0/A to 0/B were confirmed");
    }

    @ParameterizedTest
    @CsvSource({"43, 2, shop, pgsync", "42, 0, shop, pgsync", "42, 2, other, pgsync", "42, 2, shop, other"})
    void anotherSourceIsInNobodysPlace(String system, int timeline, String database, String slot) {
        indexes.putStates();

        expectGap(handedOn(identity(system, timeline, database, slot), 9), "it was loaded from");
    }

    /** A copy of the primary, set back to some moment, has a new timeline too. */
    @Test
    void aSlotThatWasNotKeptInStepContinuesNothing() {
        indexes.putStates();

        expectGap(new SourcePosition(PROMOTED, new Lsn(9), new Lsn(99)), "it was loaded from");
    }

    private void expectGap(SourcePosition source, String words) {
        StepVerifier.create(indexes.claim(source))
                .verifyErrorSatisfies(failure ->
                        assertThat(failure).isInstanceOf(GapException.class).hasMessageContaining(words));
        assertThat(indexes.heard).isEmpty();
    }

    private static SourcePosition handedOn(SourceIdentity source, long confirmed) {
        return new SourcePosition(source, new Lsn(confirmed), new Lsn(99), true);
    }

    private static SourceIdentity identity(String system, int timeline, String database, String slot) {
        return new SourceIdentity(system, timeline, database, slot);
    }
}
