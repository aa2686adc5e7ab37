package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.change.SourcePosition;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequests;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.IndexOwnership;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import io.pgsync.core.version.ReadVersions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class ClaimsTest {
    private static final List<DocumentTree> TREES = Trees.documents(
            "[{'database': 'shop', 'index': 'a', 'nodes': {'table': 't'}},"
                    + "{'database': 'shop', 'index': 'b', 'nodes': {'table': 't'}}]",
            Tables.table("t", "x text pk, y text pk"));
    private static final SourcePosition SOURCE = new SourcePosition(States.IDENTITY, new Lsn(10), new Lsn(99));

    private final States states = new States();
    private final Map<String, String> uuids = new HashMap<>(Map.of("a", "uuid-a", "b", "uuid-b"));
    private final Map<String, Map<String, String>> histories = new HashMap<>();
    private final List<String> takenOver = new ArrayList<>();
    private Mono<Void> takingOver = Mono.empty();
    private NothingLeft nothingLeft = NothingLeft.ENDS;

    @Test
    void ownsEveryIndexAsOneGenerationAboveAllEarlierOnes() {
        states.put(States.state("a", 10).withGeneration(3));
        states.put(States.state("b", 12).withGeneration(7));

        Claim claim = claim(SOURCE).block();

        assertThat(claim.generation()).isEqualTo(8);
        assertThat(claim.sinks()).containsOnlyKeys("a", "b");
        assertThat(states.get("a").generation()).isEqualTo(8);
        assertThat(states.get("b").generation()).isEqualTo(8);
        // The older writers are shut out only after every state says who writes.
        assertThat(takenOver).containsExactly("a as 8 of 2", "b as 8 of 2");
    }

    @Test
    void afterTheLastGenerationThereIsNoOther() {
        states.put(States.state("a", 10).withGeneration(ReadVersions.LAST_GENERATION));
        states.put(States.state("b", 10));

        StepVerifier.create(claim(SOURCE)).verifyErrorSatisfies(failure -> {
            assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
            assertThat(failure).hasMessageContaining("\"a\"").hasMessageContaining("pgsync bootstrap");
        });
        assertThat(states.get("b").generation()).isEqualTo(1);
        assertThat(takenOver).isEmpty();
    }

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

        claim(SOURCE).block();

        assertThat(states.get("b").stored()).isEqualTo(new Lsn(10));
    }

    @ParameterizedTest
    @ValueSource(longs = {100, 0xFFFFFFFF_A50DB7D8L})
    void aStateBehindTheEndOfTheLogIsDamaged(long stored) {
        putBoth();
        states.put(States.state("b", stored));

        expectGap(SOURCE, "the log of the source ends at 0/63: the server was set back, or the state is damaged");
    }

    @Test
    void aGapThatWasRecordedStaysOne() {
        putBoth();
        states.put(States.state("b", 10).withDiverged(Diverged.gap(new Lsn(10), new Lsn(99), "the slot was dropped")));

        expectGap(SOURCE, "changes from 0/A to 0/63 are missing: the slot was dropped.");
    }

    @Test
    void aDriftedDocumentIsLeftOutAndTheOthersAreClaimed() {
        putBoth();
        states.put(States.state("b", 10).withDiverged(Diverged.at(new Lsn(5), Kind.SCHEMA_DRIFT, "column gone")));

        Claim claim = claim(new SourcePosition(States.IDENTITY, new Lsn(10), new Lsn(99)))
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

        StepVerifier.create(claim(SOURCE)).verifyErrorSatisfies(failure -> {
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
        nothingLeft = failure -> {
            advice.addAll(failure.advice());
            return Mono.empty();
        };

        Claim claim = claim(SOURCE).block();

        assertThat(claim.trees()).isEmpty();
        assertThat(takenOver).isEmpty();
        assertThat(states.get("b").generation()).isEqualTo(1);
        assertThat(new ReadVersions(claim.generation())).isNotNull();
        assertThat(advice).hasSize(2).last().asString().contains("\"b\"", "table gone", "pgsync bootstrap");
    }

    @ParameterizedTest
    @CsvSource({"43, 1, shop, pgsync", "42, 2, shop, pgsync", "42, 1, other, pgsync", "42, 1, shop, other"})
    void anotherSourceIsAGap(String system, int timeline, String database, String slot) {
        putBoth();

        expectGap(
                new SourcePosition(new SourceIdentity(system, timeline, database, slot), new Lsn(10), new Lsn(99)),
                "it was loaded from");
    }

    @Test
    void aMissingIndexIsAGap() {
        putBoth();
        uuids.remove("b");

        expectGap(SOURCE, "no longer exists");
    }

    @Test
    void anIndexThatWasCreatedAnewIsAGap() {
        putBoth();
        uuids.put("b", "another");

        expectGap(SOURCE, "deleted and created again");
    }

    @Test
    void aShardThatWasAllocatedAnewIsAGap() {
        putBoth();
        histories.put("b", Map.of("0", "h0", "1", "h1", "10", "h10"));
        claim(SOURCE).block();
        takenOver.clear();

        histories.put("b", Map.of("0", "h0", "1", "other", "10", "other"));

        expectGap(SOURCE, "shard 1, 10 was allocated again");
        assertThat(states.get("b").histories()).containsEntry("1", "h1");
    }

    /** A shard that is away is neither there nor lost; one that was away becomes known when it is there. */
    @Test
    void whatIsUnknownOfAShardProvesNothing() {
        putBoth();
        histories.put("b", Map.of("0", "h0"));
        claim(SOURCE).block();
        histories.put("b", Map.of("1", "h1"));
        claim(SOURCE).block();
        histories.put("b", Map.of());
        claim(SOURCE).block();
        takenOver.clear();

        assertThat(states.get("b").histories()).containsExactlyInAnyOrderEntriesOf(Map.of("0", "h0", "1", "h1"));
        histories.put("b", Map.of("0", "h0", "1", "other"));
        expectGap(SOURCE, "shard 1 was allocated again");
    }

    @Test
    void aLoadOfTheWholeIndexBeginsWithTheShardsThatThereAre() {
        putBoth();
        histories.put("b", Map.of("0", "h0"));
        claim(SOURCE).block();
        histories.put("b", Map.of("0", "other"));

        new BackfillRequests(states, Schedulers.immediate())
                .ask("b", Optional.empty())
                .block();
        claim(SOURCE).block();

        assertThat(states.get("b").histories()).containsExactly(Map.entry("0", "other"));
    }

    @Test
    void aGapTakesNothingOver() {
        states.put(States.state("a", 10).withGeneration(3));

        expectGap(SOURCE, "");

        assertThat(states.get("a").generation()).isEqualTo(3);
    }

    @Test
    void theLastWriteOfAProcessThatIsGoneMayComeBetween() {
        putBoth();
        SyncState late = States.state("b", 15).withGeneration(4);
        var once = new ArrayList<>(List.of(late));

        Claim claim = claims(() -> once.stream().findFirst().ifPresent(state -> {
                    states.put(state);
                    once.clear();
                }))
                .claim(SOURCE)
                .block();

        assertThat(claim.generation()).isEqualTo(5);
        assertThat(claim.state("b").stored()).isEqualTo(new Lsn(15));
    }

    @Test
    void aProcessThatGoesOnWritingKeepsTheIndex() {
        putBoth();

        StepVerifier.create(claims(() -> states.put(States.state("b", 15))).claim(SOURCE))
                .verifyError(StateConflictException.class);
    }

    @Test
    void aNewerOwnerOfAnyIndexIsNoticed() {
        putBoth();
        Claims claims = claims(() -> {});
        StepVerifier.create(claims.checkOwner()).verifyComplete();

        claims.claim(SOURCE).block();
        StepVerifier.create(claims.checkOwner()).verifyComplete();

        states.put(States.state("b", 10).withGeneration(3));
        StepVerifier.create(claims.checkOwner()).verifyError(StateConflictException.class);
    }

    @Test
    void whatAClaimThatFailedHalfWayLeftBehindIsNobodyElses() {
        putBoth();
        takingOver = Mono.error(new SyncException(Remedy.RETRY, "away"));
        Claims claims = claims(() -> {});

        StepVerifier.create(claims.claim(SOURCE)).verifyErrorMessage("away");

        assertThat(states.get("b").generation()).isEqualTo(2);
        StepVerifier.create(claims.checkOwner()).verifyComplete();
    }

    @Test
    void anIndexThatCannotBeTakenOverAsItIsIsSetAsideAndTheNextClaimHasTheOthers() {
        putBoth();
        var unsearchable = new Divergence(Kind.UNSEARCHABLE, "b", "no _meta");
        takingOver = Mono.error(new DivergenceException(List.of(unsearchable)));
        Claims claims = claims(() -> {});

        StepVerifier.create(claims.claim(SOURCE)).verifyError(DivergenceException.class);
        takingOver = Mono.empty();
        Claim claim = claims.claim(SOURCE).block();

        assertThat(claim.sinks()).containsOnlyKeys("a");
        assertThat(states.get("b").diverged().map(Diverged::kind)).contains(Kind.UNSEARCHABLE);
    }

    @Test
    void whatWasRefusedBeforeStaysSo() {
        states.put(States.state("a", 10).withRefused(List.of("p|q|r", "p\\|q|r", "s|t")));
        states.put(States.state("b", 10));

        Claim claim = claim(SOURCE).block();

        assertThat(Claims.refusedRoots(claim).of("a"))
                .extracting(RootKey::key)
                .containsExactlyInAnyOrder(List.of("p", "q|r"), List.of("p|q", "r"), List.of("s", "t"));
        assertThat(Claims.refusedRoots(claim).of("b")).isEmpty();
    }

    private void putBoth() {
        states.put(States.state("a", 10));
        states.put(States.state("b", 10));
    }

    private void expectGap(SourcePosition source, String words) {
        StepVerifier.create(claim(source)).verifyErrorSatisfies(failure -> {
            assertThat(failure).isInstanceOf(GapException.class).hasMessageContaining(words);
            assertThat(((GapException) failure).remedy()).isEqualTo(Remedy.REPAIR);
        });
        assertThat(takenOver).isEmpty();
    }

    private Mono<Claim> claim(SourcePosition source) {
        return claims(() -> {}).claim(source);
    }

    /** {@code meanwhile} happens between the look at the last index and the claim. */
    private Claims claims(Runnable meanwhile) {
        var ownership = new IndexOwnership() {
            @Override
            public Mono<String> indexUuid(String index) {
                return Mono.defer(() -> {
                    if (index.equals("b")) {
                        meanwhile.run();
                    }
                    return Mono.justOrEmpty(Optional.ofNullable(uuids.get(index)));
                });
            }

            @Override
            public Mono<Map<String, String>> histories(String index) {
                return Mono.fromSupplier(() -> histories.getOrDefault(index, Map.of()));
            }

            @Override
            public Mono<DocumentSink> takeOver(DocumentTree tree, long generation) {
                return takingOver.then(Mono.fromSupplier(() -> {
                    takenOver.add(tree.index() + " as " + generation + " of " + states.written.size());
                    return batch -> Mono.empty();
                }));
            }
        };
        return new Claims(TREES, new IndexPorts(ownership, null, states, null), PipelineListener.NONE, nothingLeft);
    }
}
