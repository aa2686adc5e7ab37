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
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.Tables;
import io.pgsync.core.schema.Trees;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

class DivergencesTest {
    private static final List<DocumentTree> TREES = Trees.documents(
            "[{'database': 'shop', 'index': 'a', 'nodes': {'table': 't'}},"
                    + "{'database': 'shop', 'index': 'b', 'nodes': {'table': 't'}}]",
            Tables.table("t", "id int4 pk"));
    private static final SyncException REFUSED = new SyncException(Remedy.STOP, "refused");

    private final States states = new States();
    private final List<Divergence> present = new ArrayList<>();
    private int looks;
    private final Divergences divergences = new Divergences(
            trees -> Flux.defer(() -> {
                looks++;
                return Flux.fromIterable(present);
            }),
            states,
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

    private static ChangeWindow window(String... columns) {
        ChangeEvent described = new RelationDescribed(new Relation(
                1,
                new TableName("public", "t"),
                ReplicaIdentity.DEFAULT,
                Stream.of(columns).map(name -> new Column(name, 23, true)).toList()));
        return new ChangeWindow(List.of(described), Set.of(), Optional.empty(), Optional.empty());
    }
}
