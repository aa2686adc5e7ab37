package io.pgsync.core.pipeline;

import static io.pgsync.core.pipeline.ClaimedIndexes.SOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.version.ReadVersions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** What a process owns when it has claimed its indexes, and whom it yields to. */
class ClaimsTest {
    private final ClaimedIndexes indexes = new ClaimedIndexes();
    private final States states = indexes.states;

    @Test
    void ownsEveryIndexAsOneGenerationAboveAllEarlierOnes() {
        states.put(States.state("a", 10).withGeneration(3));
        states.put(States.state("b", 12).withGeneration(7));

        indexes.owned.takingOver = Mono.fromRunnable(() -> states.written.add("older writers shut out"));

        Claim claim = indexes.claim(SOURCE).block();

        assertThat(claim.generation()).isEqualTo(8);
        assertThat(claim.sinks()).containsOnlyKeys("a", "b");
        assertThat(states.get("a").generation()).isEqualTo(8);
        assertThat(states.get("b").generation()).isEqualTo(8);
        assertThat(indexes.owned.takenOver).containsExactly("a as 8", "b as 8");
        // Not before every state says who writes.
        assertThat(states.written)
                .containsExactly("state a 0/A", "state b 0/C", "older writers shut out", "older writers shut out");
    }

    @Test
    void afterTheLastGenerationThereIsNoOther() {
        states.put(States.state("a", 10).withGeneration(ReadVersions.LAST_GENERATION));
        states.put(States.state("b", 10));

        StepVerifier.create(indexes.claim(SOURCE)).verifyErrorSatisfies(failure -> {
            assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
            assertThat(failure).hasMessageContaining("\"a\"").hasMessageContaining("pgsync bootstrap");
        });
        assertThat(states.get("b").generation()).isEqualTo(1);
        assertThat(indexes.owned.takenOver).isEmpty();
    }

    @Test
    void aDriftedDocumentIsLeftOutAndTheOthersAreClaimed() {
        indexes.putStates();
        states.put(States.state("b", 10).withDiverged(Diverged.at(new Lsn(5), Kind.SCHEMA_DRIFT, "column gone")));

        Claim claim = indexes.claim(new SourcePosition(States.IDENTITY, new Lsn(10), new Lsn(99)))
                .block();

        assertThat(claim.trees()).extracting(DocumentTree::index).containsExactly("a");
        assertThat(claim.sinks()).containsOnlyKeys("a");
        assertThat(claim.states()).containsOnlyKeys("a");
        assertThat(states.get("b").generation()).isEqualTo(1);
    }

    @Test
    void whenAllDocumentsDriftedThereIsNothingToRun() {
        states.put(States.state("a", 10).withDiverged(Diverged.at(new Lsn(10), Kind.SCHEMA_DRIFT, "column gone")));
        states.put(States.state("b", 10).withDiverged(Diverged.at(new Lsn(10), Kind.SCHEMA_DRIFT, "table gone")));

        StepVerifier.create(indexes.claim(SOURCE)).verifyErrorSatisfies(failure -> {
            assertThat(failure).hasMessageContaining("column gone").hasMessageContaining("pgsync bootstrap");
            assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
        });
    }

    @Test
    void aSourceOfSeveralIsKeptWithoutDocumentsSoThatItsLogIsLetGo() {
        states.put(States.state("a", 10)
                .withGeneration(ReadVersions.LAST_GENERATION)
                .withDiverged(Diverged.at(new Lsn(5), Kind.SCHEMA_DRIFT, "column gone")));
        states.put(States.state("b", 10).withDiverged(Diverged.at(new Lsn(5), Kind.SCHEMA_DRIFT, "table gone")));
        var advice = new ArrayList<String>();
        indexes.nothingLeft = failure -> {
            advice.addAll(failure.advice());
            return Mono.empty();
        };

        Claim claim = indexes.claim(SOURCE).block();

        assertThat(claim.trees()).isEmpty();
        assertThat(indexes.owned.takenOver).isEmpty();
        assertThat(states.get("b").generation()).isEqualTo(1);
        assertThat(new ReadVersions(claim.generation())).isNotNull();
        assertThat(advice).hasSize(2).last().asString().contains("\"b\"", "table gone", "pgsync bootstrap");
    }

    @Test
    void theLastWriteOfAProcessThatIsGoneMayComeBetween() {
        indexes.putStates();
        SyncState late = States.state("b", 15).withGeneration(4);
        var once = new ArrayList<>(List.of(late));

        beforeTheClaim(() -> once.stream().findFirst().ifPresent(state -> {
            states.put(state);
            once.clear();
        }));

        Claim claim = indexes.claim(SOURCE).block();

        assertThat(claim.generation()).isEqualTo(5);
        assertThat(claim.state("b").stored()).isEqualTo(new Lsn(15));
    }

    @Test
    void aProcessThatGoesOnWritingKeepsTheIndex() {
        indexes.putStates();

        beforeTheClaim(() -> states.put(States.state("b", 15)));

        StepVerifier.create(indexes.claim(SOURCE)).verifyError(StateConflictException.class);
    }

    @Test
    void aNewerOwnerOfAnyIndexIsNoticed() {
        indexes.putStates();
        Claims claims = indexes.claims();
        StepVerifier.create(claims.checkOwner()).verifyComplete();

        claims.claim(SOURCE).block();
        StepVerifier.create(claims.checkOwner()).verifyComplete();

        states.put(States.state("b", 10).withGeneration(3));
        StepVerifier.create(claims.checkOwner()).verifyError(StateConflictException.class);
    }

    @Test
    void whatAClaimThatFailedHalfWayLeftBehindIsNobodyElses() {
        indexes.putStates();
        indexes.owned.takingOver = Mono.error(new SyncException(Remedy.RETRY, "away"));
        Claims claims = indexes.claims();

        StepVerifier.create(claims.claim(SOURCE)).verifyErrorMessage("away");

        assertThat(states.get("b").generation()).isEqualTo(2);
        StepVerifier.create(claims.checkOwner()).verifyComplete();
    }

    @Test
    void anIndexThatCannotBeTakenOverAsItIsIsSetAsideAndTheNextClaimHasTheOthers() {
        indexes.putStates();
        var unsearchable = new Divergence(Kind.UNSEARCHABLE, "b", "no _meta");
        indexes.owned.takingOver = Mono.error(new DivergenceException(List.of(unsearchable)));
        Claims claims = indexes.claims();

        StepVerifier.create(claims.claim(SOURCE)).verifyError(DivergenceException.class);
        indexes.owned.takingOver = Mono.empty();
        Claim claim = claims.claim(SOURCE).block();

        assertThat(claim.sinks()).containsOnlyKeys("a");
        assertThat(states.get("b").diverged().map(Diverged::kind)).contains(Kind.UNSEARCHABLE);
    }

    @Test
    void whatWasRefusedBeforeStaysSo() {
        states.put(States.state("a", 10).withRefused(List.of("p|q|r", "p\\|q|r", "s|t")));
        states.put(States.state("b", 10));

        Claim claim = indexes.claim(SOURCE).block();

        assertThat(Claims.refusedRoots(claim).of("a"))
                .extracting(RootKey::key)
                .containsExactlyInAnyOrder(List.of("p", "q|r"), List.of("p|q", "r"), List.of("s", "t"));
        assertThat(Claims.refusedRoots(claim).of("b")).isEmpty();
    }

    /** Between the look at the last index and the claim. */
    private void beforeTheClaim(Runnable happens) {
        indexes.owned.uuids.put("b", Mono.fromSupplier(() -> {
            happens.run();
            return "uuid-b";
        }));
    }
}
