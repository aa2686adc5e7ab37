package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.AttachedPartition;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.change.ChangeEvent;
import io.pgsync.core.change.ChangeEvent.RelationDescribed;
import io.pgsync.core.change.ChangeWindow;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.Relation;
import io.pgsync.core.change.Relation.Column;
import io.pgsync.core.change.Relation.ReplicaIdentity;
import io.pgsync.core.change.TableName;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.checkpoint.BackfillRequestedException;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.PartitionLoad;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.StatementRefusedException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class DivergencesTest {
    private static final List<DocumentTree> TREES = Trees.documents(
            "[{'database': 'shop', 'index': 'a', 'nodes': {'table': 't'}},"
                    + "{'database': 'shop', 'index': 'b', 'nodes': {'table': 't'}}]",
            Tables.table("t", "id int4 pk"));
    private static final String SEPARATOR = AttachedPartition.SEPARATOR;
    private static final SyncException REFUSED = new SyncException(Remedy.STOP, "refused");

    private final States states = new States();
    private final List<Divergence> present = new ArrayList<>();
    private final Map<String, Mono<String>> uuids = new HashMap<>();
    private Mono<Void> looking = Mono.empty();
    private final Map<String, Map<String, String>> histories = new HashMap<>();
    private int looks;
    private final Divergences divergences = new Divergences(
            trees -> Flux.defer(() -> {
                looks++;
                return looking.thenMany(Flux.fromIterable(present));
            }),
            ports(),
            new Claim(
                    1,
                    TREES,
                    Map.of("a", states.put(States.state("a", 10)), "b", states.put(States.state("b", 10))),
                    Map.of()));

    @Test
    void looksWheneverATableIsAnnouncedInAnotherForm() {
        StepVerifier.create(divergences.announcedBy(window("id"))).verifyComplete();
        StepVerifier.create(divergences.announcedBy(window("id"))).verifyComplete();
        assertThat(looks).isEqualTo(1);

        present.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        StepVerifier.create(divergences.announcedBy(window("id", "x"))).verifyError(DivergenceException.class);
    }

    @Test
    void aWindowThatAnnouncesNothingCostsNoLook() {
        StepVerifier.create(divergences.announcedBy(
                        new ChangeWindow(List.of(), Set.of(), Optional.empty(), Optional.empty())))
                .verifyComplete();

        assertThat(looks).isZero();
    }

    @Test
    void looksNowAndThenWithoutAnyChange() {
        VirtualTimeScheduler time = VirtualTimeScheduler.create();
        var ends = new ArrayList<Throwable>();
        divergences.nowAndThen(time).subscribe(none -> {}, ends::add);

        time.advanceTimeBy(Duration.ofSeconds(30));
        assertThat(ends).isEmpty();

        present.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        time.advanceTimeBy(Duration.ofSeconds(11));
        assertThat(ends).hasOnlyElementsOfType(DivergenceException.class).hasSize(1);
    }

    @Test
    void aRefusedStatementIsADriftIfTheTablesSaySoAndOnlyItsDocumentIsSetAside() {
        present.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));

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
        present.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        present.add(new Divergence(Kind.PARTITIONS_CHANGED, "a", "partitions"));

        StepVerifier.create(divergences.after(refused("b", "no column x"))).verifyError(DivergenceException.class);
        assertThat(states.get("b").diverged().map(Diverged::reason)).contains("node /1/nodes uses column x");

        StepVerifier.create(divergences.after(refused("a", "no table y"))).verifyError(DivergenceException.class);
        assertThat(states.get("a").diverged().map(Diverged::kind)).contains(Kind.UNREADABLE);
    }

    @Test
    void aRefusalWithoutAnAnswerFromTheTablesIsTriedAgain() {
        looking = Mono.error(new SyncException(Remedy.RETRY, "cut"));

        StepVerifier.create(divergences.after(refused("b", "permission denied")))
                .verifyErrorMessage("cut");

        assertThat(states.get("b").diverged()).isEmpty();
    }

    private static SyncException refused(String index, String what) {
        return new StatementRefusedException(List.of(new Divergence(Kind.UNREADABLE, index, what)), REFUSED);
    }

    @Test
    void otherFailuresStayWhatTheyAre() {
        StepVerifier.create(divergences.after(REFUSED)).verifyErrorMatches(REFUSED::equals);

        var passing = new SyncException(Remedy.RETRY, "cut");
        present.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        StepVerifier.create(divergences.after(passing)).verifyErrorMatches(passing::equals);
        assertThat(states.get("b").diverged()).isEmpty();
    }

    @Test
    void theLastWriteOfTheEndedRunMayComeBetweenButNotANewerOwner() {
        present.add(new Divergence(Kind.SCHEMA_DRIFT, "b", "node /1/nodes uses column x"));
        states.put(States.state("b", 12));

        StepVerifier.create(divergences.after(REFUSED)).verifyError(DivergenceException.class);
        assertThat(states.get("b").diverged().map(Diverged::from)).contains(new Lsn(12));

        states.put(States.state("b", 12).withGeneration(2));
        StepVerifier.create(divergences.after(REFUSED)).verifyError(StateConflictException.class);
        assertThat(states.get("b").diverged()).isEmpty();
    }

    @Test
    void aDefinitionThatChangedIsToldOnceAndTheIndexGoesOn() {
        Divergences first = overDefinitions("1=sad", States.state("a", 10));
        StepVerifier.create(first.look()).verifyComplete();
        Definitions then = first.definitions("a").orElseThrow();

        Divergences second = overDefinitions("1=blue", States.state("a", 10).withDefinitions(then));
        StepVerifier.create(second.look().onErrorResume(second::after)).verifyError(DivergenceException.class);

        assertThat(states.get("a").isSetAside()).isFalse();
        assertThat(states.get("a").diverged()).hasValueSatisfying(found -> {
            assertThat(found.kind()).isEqualTo(Kind.DEFINITION_CHANGED);
            assertThat(found.reason()).endsWith("type \"mood\"");
        });
        Divergences third = overDefinitions("1=blue", states.get("a"));
        StepVerifier.create(third.look()).verifyComplete();
    }

    private static Definitions parted(String... marks) {
        return new Definitions(
                Map.of(), Map.of("public.t", Set.of()), Map.of(), Map.of(), Map.of("public.t", Set.of(marks)));
    }

    private final class Partitioned implements SchemaWatch {
        private Definitions now = parted();
        private Mono<Optional<String>> condition = Mono.just(Optional.of("id = 7"));

        @Override
        public Flux<Divergence> drifts(Collection<DocumentTree> trees) {
            return Flux.defer(() -> Flux.fromIterable(present));
        }

        @Override
        public Mono<Map<String, Definitions>> definitions(Collection<DocumentTree> trees) {
            return Mono.fromSupplier(() -> Map.of("a", now));
        }

        @Override
        public Mono<String> partitions(Collection<DocumentTree> trees) {
            return Mono.fromSupplier(() -> {
                looks++;
                return now.attachments().toString();
            });
        }

        @Override
        public Mono<Optional<String>> rootsWithRowsOf(
                DocumentTree tree, Map<String, List<AttachedPartition>> partitions) {
            return condition;
        }

        Divergences over(SyncState state) {
            return new Divergences(this, ports(), new Claim(1, TREES, Map.of("a", states.put(state)), Map.of()));
        }
    }

    private static Mono<Void> recorded(Divergences run) {
        return run.look().onErrorResume(run::after);
    }

    @Test
    void theDocumentsOfAPartitionThatCameAreLoadedOnce() {
        var watch = new Partitioned();
        watch.now = parted("1" + SEPARATOR + ".7" + SEPARATOR + "p1");

        StepVerifier.create(recorded(watch.over(States.state("a", 10).withDefinitions(parted()))))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(BackfillRequestedException.class)
                        .hasMessageContaining("got partitions with rows that the log does not have: p1"));

        PartitionLoad load = states.get("a").backfill().partitions().orElseThrow();
        assertThat(load.where()).contains("id = 7");
        assertThat(load.tables()).isEmpty();
        assertThat(states.get("a").diverged()).isEmpty();
        StepVerifier.create(watch.over(states.get("a")).look()).verifyComplete();
    }

    @Test
    void thoseOfOneThatLeftAreFoundInTheIndex() {
        var watch = new Partitioned();

        StepVerifier.create(recorded(watch.over(States.state("a", 10).withDefinitions(parted("1" + SEPARATOR + ".7")))))
                .verifyError(BackfillRequestedException.class);

        PartitionLoad load = states.get("a").backfill().partitions().orElseThrow();
        assertThat(load.tables()).containsExactly("public.t");
        assertThat(load.where()).isEmpty();
    }

    @Test
    void whereNoConditionIsCertainEverythingIsLoaded() {
        var watch = new Partitioned();
        watch.now = parted("1" + SEPARATOR + ".7" + SEPARATOR + "p1");
        watch.condition = Mono.just(Optional.empty());

        StepVerifier.create(recorded(watch.over(States.state("a", 10).withDefinitions(parted()))))
                .verifyError(BackfillRequestedException.class);

        assertThat(states.get("a").backfill().isWholeUnderWay()).isTrue();
    }

    @Test
    void whatIsNotKnownNowIsFoundAtALaterLook() {
        var watch = new Partitioned();
        watch.now = parted("1" + SEPARATOR + ".7" + SEPARATOR + "p1");
        watch.condition = Mono.empty();
        Divergences run = watch.over(States.state("a", 10).withDefinitions(parted()));
        StepVerifier.create(run.look()).verifyComplete();
        assertThat(run.definitions("a")).contains(parted());

        watch.condition = Mono.just(Optional.of("id = 7"));

        StepVerifier.create(run.look()).verifyError(BackfillRequestedException.class);
    }

    @Test
    void aWindowFindsPartitionsThatCameBeforeItIsRead() {
        var watch = new Partitioned();
        Divergences run = watch.over(States.state("a", 10).withDefinitions(parted()));
        StepVerifier.create(run.look()).verifyComplete();
        ChangeWindow window = new ChangeWindow(List.of(), Set.of(), Optional.empty(), Optional.empty());
        StepVerifier.create(run.announcedBy(window)).verifyComplete();
        int before = looks;

        watch.now = parted("1" + SEPARATOR + ".7" + SEPARATOR + "p1");

        StepVerifier.create(run.announcedBy(window)).verifyError(BackfillRequestedException.class);
        assertThat(looks).isGreaterThan(before);
    }

    @Test
    void aDivergenceThatIsFoundWithThemHidesThemNot() {
        var watch = new Partitioned();
        watch.now = parted("1" + SEPARATOR + ".7" + SEPARATOR + "p1").with(Map.of("type \"mood\"", Set.of("1=blue")));
        SyncState then = States.state("a", 10).withDefinitions(parted().with(Map.of("type \"mood\"", Set.of("1=sad"))));

        StepVerifier.create(recorded(watch.over(then))).verifyError(DivergenceException.class);

        assertThat(states.get("a").diverged().map(Diverged::kind)).contains(Kind.DEFINITION_CHANGED);
        assertThat(states.get("a").backfill().phase()).isEqualTo(Phase.PARTITIONS);
        StepVerifier.create(watch.over(states.get("a")).look()).verifyComplete();
    }

    @Test
    void whatChangedIsNotTakenForKnownBeforeItIsRecorded() {
        Definitions then = definitions("1=sad");
        Divergences changed = overDefinitions("1=blue", States.state("a", 10).withDefinitions(then));

        StepVerifier.create(changed.look()).verifyError(DivergenceException.class);

        assertThat(changed.definitions("a")).contains(then);
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
        uuids.put("a", Mono.error(new SyncException(Remedy.RETRY, "away")));
        time.advanceTimeBy(Duration.ofSeconds(15));
        uuids.put("a", Mono.never());
        time.advanceTimeBy(Duration.ofSeconds(25));
        assertThat(ends).isEmpty();

        uuids.put("b", Mono.just("another"));
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
        histories.put("a", Map.of("0", "h0"));
        overDefinitions("1=sad", known).nowAndThen(time).subscribe(none -> {}, ends::add);
        time.advanceTimeBy(Duration.ofSeconds(15));
        assertThat(ends).isEmpty();

        histories.put("a", Map.of("0", "h0", "1", "other"));
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

    private IndexPorts ports() {
        var ownership = new IndexOwnership() {
            @Override
            public Mono<String> indexUuid(String index) {
                return uuids.getOrDefault(index, Mono.just("uuid-" + index));
            }

            @Override
            public Mono<Map<String, String>> histories(String index) {
                return Mono.fromSupplier(() -> histories.getOrDefault(index, Map.of()));
            }

            @Override
            public Mono<DocumentSink> takeOver(DocumentTree tree, long generation) {
                return Mono.empty();
            }
        };
        return new IndexPorts(ownership, null, states, null);
    }

    private Divergences overDefinitions(String mark, SyncState state) {
        var watch = new SchemaWatch() {
            @Override
            public Flux<Divergence> drifts(Collection<DocumentTree> trees) {
                return Flux.empty();
            }

            @Override
            public Mono<Map<String, Definitions>> definitions(Collection<DocumentTree> trees) {
                return Mono.just(Map.of("a", DivergencesTest.definitions(mark)));
            }
        };
        return new Divergences(watch, ports(), new Claim(1, TREES, Map.of("a", states.put(state)), Map.of()));
    }

    private static Definitions definitions(String mark) {
        return new Definitions(Map.of("type \"mood\"", Set.of(mark)), Map.of(), Map.of(), Map.of());
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
