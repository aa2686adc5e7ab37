package io.pgsync.core.pipeline;

import static io.pgsync.core.pipeline.ClaimedIndexes.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequests;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Remedy;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** When an index misses changes, so that it cannot be claimed. */
class GapsOfClaimsTest {
    private final ClaimedIndexes indexes = new ClaimedIndexes();
    private final States states = indexes.states;

    @Test
    void aMissingStateIsAGap() {
        states.put(States.state("a", 10));

        expectGap(SOURCE, "nothing is known");
    }

    @Test
    void aSlotAheadOfAStateIsAGap() {
        states.put(States.state("a", 10));
        states.put(States.state("b", 9));

        expectGap(SOURCE, "changes from 0/9 to 0/A were confirmed");
    }

    /** Another document of the file was followed meanwhile. Once claimed, it is not behind any more. */
    @Test
    void aLoadThatIsToBeginNeedsNoEarlierChange() {
        states.put(States.state("a", 10));
        states.put(States.state("b", 9).withBackfill(BackfillProgress.start(false)));

        indexes.claim(SOURCE).block();

        assertThat(states.get("b").stored()).isEqualTo(new Lsn(10));
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 0xFFFFFFFF_A50DB7D8L})
    void aStateBehindTheEndOfTheLogIsDamaged(long stored) {
        indexes.putStates();
        states.put(States.state("b", stored));

        expectGap(SOURCE, "the log of the source ends at 0/63: the server was set back, or the state is damaged");
    }

    @Test
    void aGapThatWasRecordedStaysOne() {
        indexes.putStates();
        states.put(States.state("b", 10).withDiverged(Diverged.gap(new Lsn(10), new Lsn(99), "the slot was dropped")));

        expectGap(SOURCE, "changes from 0/A to 0/63 are missing: the slot was dropped.");
    }

    @ParameterizedTest
    @CsvSource({"43, 1, shop, pgsync", "42, 2, shop, pgsync", "42, 1, other, pgsync", "42, 1, shop, other"})
    void anotherSourceIsAGap(String system, int timeline, String database, String slot) {
        indexes.putStates();

        expectGap(
                new SourcePosition(new SourceIdentity(system, timeline, database, slot), new Lsn(10), new Lsn(99)),
                "it was loaded from");
    }

    @Test
    void aMissingIndexIsAGap() {
        indexes.putStates();
        indexes.owned.uuids.put("b", Mono.empty());

        expectGap(SOURCE, "no longer exists");
    }

    @Test
    void anIndexThatWasCreatedAnewIsAGap() {
        indexes.putStates();
        indexes.owned.uuids.put("b", Mono.just("another"));

        expectGap(SOURCE, "deleted and created again");
    }

    @Test
    void aShardThatWasAllocatedAnewIsAGap() {
        indexes.putStates();
        indexes.owned.histories.put("b", Map.of("0", "h0", "1", "h1", "10", "h10"));
        indexes.claim(SOURCE).block();
        indexes.owned.takenOver.clear();

        indexes.owned.histories.put("b", Map.of("0", "h0", "1", "other", "10", "other"));

        expectGap(SOURCE, "shard 1, 10 was allocated again");
        assertThat(states.get("b").histories()).containsEntry("1", "h1");
    }

    /** A shard that is away is neither there nor lost; one that was away becomes known when it is there. */
    @Test
    void whatIsUnknownOfAShardProvesNothing() {
        indexes.putStates();
        indexes.owned.histories.put("b", Map.of("0", "h0"));
        indexes.claim(SOURCE).block();
        indexes.owned.histories.put("b", Map.of("1", "h1"));
        indexes.claim(SOURCE).block();
        indexes.owned.histories.put("b", Map.of());
        indexes.claim(SOURCE).block();
        indexes.owned.takenOver.clear();

        assertThat(states.get("b").histories()).containsExactlyInAnyOrderEntriesOf(Map.of("0", "h0", "1", "h1"));
        indexes.owned.histories.put("b", Map.of("0", "h0", "1", "other"));
        expectGap(SOURCE, "shard 1 was allocated again");
    }

    @Test
    void aLoadOfTheWholeIndexBeginsWithTheShardsThatThereAre() {
        indexes.putStates();
        indexes.owned.histories.put("b", Map.of("0", "h0"));
        indexes.claim(SOURCE).block();
        indexes.owned.histories.put("b", Map.of("0", "other"));

        new BackfillRequests(states, Schedulers.immediate())
                .ask("b", Optional.empty())
                .block();
        indexes.claim(SOURCE).block();

        assertThat(states.get("b").histories()).containsExactly(Map.entry("0", "other"));
    }

    @Test
    void aGapTakesNothingOver() {
        states.put(States.state("a", 10).withGeneration(3));

        expectGap(SOURCE, "");

        assertThat(states.get("a").generation()).isEqualTo(3);
    }

    private void expectGap(SourcePosition source, String words) {
        StepVerifier.create(indexes.claim(source)).verifyErrorSatisfies(failure -> {
            assertThat(failure).isInstanceOf(GapException.class).hasMessageContaining(words);
            assertThat(((GapException) failure).remedy()).isEqualTo(Remedy.REPAIR);
        });
        assertThat(indexes.owned.takenOver).isEmpty();
    }
}
