package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Relation.Column;
import io.pgsync.core.change.Relation.ReplicaIdentity;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.StatementRefusedException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

/** What a run does when documents no longer fit their tables, or an index is another one. */
class DivergencesTest {
    private static final List<DocumentTree> TREES = Trees.documents(
            "[{'database': 'shop', 'index': 'a', 'nodes': {'table': 't'}},"
                    + "{'database': 'shop', 'index': 'b', 'nodes': {'table': 't'}}]",
            Tables.table("t", "id int4 pk"));
    private static final SyncException REFUSED = new SyncException(Remedy.STOP, "refused");

    private final States states = new States();
    private final WatchedTables tables = new WatchedTables();
    private final OwnedIndexes indexes = new OwnedIndexes();
    private final Divergences divergences = over(States.state("a", 10), States.state("b", 10));

    @Test
    void looksWheneverATableIsAnnouncedInAnotherForm() {
        StepVerifier.create(divergences.announcedBy(window("id"))).verifyComplete();
        StepVerifier.create(divergences.announcedBy(window("id"))).verifyComplete();
        assertThat(tables.looks).isEqualTo(1);

        tables.drifts.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        StepVerifier.create(divergences.announcedBy(window("id", "x"))).verifyError(DivergenceException.class);
    }

    @Test
    void aWindowThatAnnouncesNothingCostsNoLook() {
        StepVerifier.create(divergences.announcedBy(
                        new ChangeWindow(List.of(), Set.of(), Optional.empty(), Optional.empty())))
                .verifyComplete();

        assertThat(tables.looks).isZero();
    }

    @Test
    void looksNowAndThenWithoutAnyChange() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        var ends = new ArrayList<Throwable>();
        divergences.nowAndThen(time).subscribe(none -> {}, ends::add);

        time.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(ends).isEmpty();

        tables.drifts.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        time.advanceTimeBy(Duration.ofSeconds(11));
        assertThat(ends).hasOnlyElementsOfType(DivergenceException.class).hasSize(1);
    }

    @Test
    void aRefusedStatementIsADriftIfTheTablesSaySoAndOnlyItsDocumentIsSetAside() {
        tables.drifts.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));

        StepVerifier.create(divergences.after(REFUSED))
                .verifyErrorSatisfies(failure ->
                        assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.RETRY));

        assertThat(states.get("a").diverged()).isEmpty();
        assertThat(states.get("b").diverged()).hasValueSatisfying(gap -> {
            assertThat(gap.kind()).isEqualTo(Kind.SCHEMA_DRIFT);
            assertThat(gap.from()).isEqualTo(new Lsn(10));
            assertThat(gap.reason()).isEqualTo("node /1/nodes uses column x");
        });
    }

    @Test
    void aStatementThatIsRefusedForGoodSetsItsDocumentsAsideThoughTheTablesSayNothing() {
        StepVerifier.create(divergences.after(refused("b", "permission denied")))
                .verifyErrorSatisfies(failure ->
                        assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.RETRY));

        assertThat(states.get("a").diverged()).isEmpty();
        assertThat(states.get("b").diverged()).contains(Diverged.at(new Lsn(10), Kind.UNREADABLE, "permission denied"));
    }

    @Test
    void whatTheTablesSayOfItCountsFirst() {
        tables.drifts.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        tables.drifts.add(new Divergence(Kind.PARTITIONS_CHANGED, "a", "partitions"));

        StepVerifier.create(divergences.after(refused("b", "no column x"))).verifyError(DivergenceException.class);
        assertThat(states.get("b").diverged().map(Diverged::reason)).contains("node /1/nodes uses column x");

        StepVerifier.create(divergences.after(refused("a", "no table y"))).verifyError(DivergenceException.class);
        assertThat(states.get("a").diverged().map(Diverged::kind)).contains(Kind.UNREADABLE);
    }

    @Test
    void aRefusalWithoutAnAnswerFromTheTablesIsTriedAgain() {
        tables.looking = Mono.error(new SyncException(Remedy.RETRY, "cut"));

        StepVerifier.create(divergences.after(refused("b", "permission denied")))
                .verifyErrorMessage("cut");

        assertThat(states.get("b").diverged()).isEmpty();
    }

    @Test
    void otherFailuresStayWhatTheyAre() {
        StepVerifier.create(divergences.after(REFUSED)).verifyErrorMatches(REFUSED::equals);

        var passing = new SyncException(Remedy.RETRY, "cut");
        tables.drifts.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        StepVerifier.create(divergences.after(passing)).verifyErrorMatches(passing::equals);
        assertThat(states.get("b").diverged()).isEmpty();
    }

    @Test
    void theLastWriteOfTheEndedRunMayComeBetweenButNotANewerOwner() {
        tables.drifts.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        states.put(States.state("b", 12));

        StepVerifier.create(divergences.after(REFUSED)).verifyError(DivergenceException.class);
        assertThat(states.get("b").diverged().map(Diverged::from)).contains(new Lsn(12));

        states.put(States.state("b", 12).withGeneration(2));
        StepVerifier.create(divergences.after(REFUSED)).verifyError(StateConflictException.class);
        assertThat(states.get("b").diverged()).isEmpty();
    }

    @Test
    void aGapThatARunMeetsIsRecordedForThoseWhoLookLater() {
        var gap = new GapException(Kind.SUPERSEDED, "b", "generation 9 wrote it.");

        StepVerifier.create(divergences.after(gap)).verifyErrorMatches(gap::equals);

        assertThat(states.get("b").diverged())
                .contains(Diverged.at(new Lsn(10), Kind.SUPERSEDED, "generation 9 wrote it"));
    }

    @Test
    void aKindThatEndsTheProcessDoesSoOnceItIsRecorded() {
        var found = new DivergenceException(List.of(new Divergence(Kind.SUPERSEDED, "b", "generation 9 wrote it")));

        StepVerifier.create(divergences.after(found))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(GapException.class)
                        .hasMessageContaining("(superseded): generation 9 wrote it."));

        assertThat(states.get("b").diverged().map(Diverged::kind)).contains(Kind.SUPERSEDED);
    }

    @Test
    void aNameThatLeadsToAnotherIndexIsNoticedWhileARunGoesOnAndAnEngineThatIsAwayIsNot() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        var ends = new ArrayList<Throwable>();
        divergences.nowAndThen(time).subscribe(none -> {}, ends::add);
        indexes.uuids.put("a", Mono.error(new SyncException(Remedy.RETRY, "away")));
        time.advanceTimeBy(Duration.ofSeconds(15));
        indexes.uuids.put("a", Mono.never());
        time.advanceTimeBy(Duration.ofSeconds(25));
        assertThat(ends).isEmpty();

        indexes.uuids.put("b", Mono.just("another"));
        time.advanceTimeBy(Duration.ofSeconds(40));

        assertThat(ends).hasSize(1);
        StepVerifier.create(divergences.after(ends.get(0))).verifyError(GapException.class);
        assertThat(states.get("b").diverged().map(Diverged::kind)).contains(Kind.INDEX_REPLACED);
    }

    @Test
    void aShardThatIsAllocatedAnewIsNoticedWhileARunGoesOn() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        var ends = new ArrayList<Throwable>();
        SyncState known = States.state("a", 10).withHistories(Map.of("0", "h0", "1", "h1"));
        indexes.histories.put("a", Map.of("0", "h0"));
        over(known).nowAndThen(time).subscribe(none -> {}, ends::add);
        time.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(ends).isEmpty();

        indexes.histories.put("a", Map.of("0", "h0", "1", "other"));
        time.advanceTimeBy(Duration.ofSeconds(15));

        assertThat(ends)
                .singleElement()
                .isInstanceOfSatisfying(
                        DivergenceException.class,
                        failure -> assertThat(failure.divergences())
                                .singleElement()
                                .satisfies(found -> {
                                    assertThat(found.kind()).isEqualTo(Kind.INDEX_REPLACED);
                                    assertThat(found.what()).startsWith("shard 1 was allocated again");
                                }));
    }

    private Divergences over(SyncState... followed) {
        Map<String, StoredState> stored = Stream.of(followed).collect(Collectors.toMap(SyncState::index, states::put));
        return new Divergences(
                tables, new IndexPorts(indexes, null, states, null), new Claim(1, TREES, stored, Map.of()));
    }

    private static SyncException refused(String index, String what) {
        return new StatementRefusedException(List.of(new Divergence(Kind.UNREADABLE, index, what)), REFUSED);
    }

    private static ChangeWindow window(String... columns) {
        ChangeEvent described = new RelationDescribed(new Relation(
                1,
                new TableName("public", "t"),
                ReplicaIdentity.DEFAULT,
                Stream.of(columns).map(name -> new Column(name, 23, true)).toList()));
        return new ChangeWindow(List.of(described), Set.of(), Optional.empty(), Optional.empty());
    }
}
