package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.pgsync.core.affected.RefusedRoots;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillRequestedException;
import io.pgsync.core.checkpoint.BackfillRequests;
import io.pgsync.core.checkpoint.InOrderAcknowledger;
import io.pgsync.core.checkpoint.InOrderAcknowledger.Part;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class CheckpointerTest {
    private static final List<DocumentTree> TREES = Trees.documents(
            "[{'database': 'shop', 'index': 'a', 'nodes': {'table': 't'}},"
                    + "{'database': 'shop', 'index': 'b', 'nodes': {'table': 't'}}]",
            Tables.table("t", "id int4 pk"));

    private final States states = new States();
    private final InOrderAcknowledger stream = new InOrderAcknowledger();
    private final CommitTimes times = new CommitTimes();
    private final RefusedRoots refused = new RefusedRoots();
    private final Checkpointer checkpoints = checkpointer();

    private Checkpointer checkpointer() {
        var claim = new Claim(
                1,
                TREES,
                Map.of("a", states.put(States.state("a", 10)), "b", states.put(States.state("b", 20))),
                Map.of());
        return new Checkpointer(
                claim,
                stream,
                times,
                refused,
                index -> Optional.empty(),
                states,
                states.source(10, Flux.never()),
                PipelineListener.NONE);
    }

    @Test
    void everyStateIsWrittenBeforeTheSlot() {
        stored(30);

        StepVerifier.create(checkpoints.checkpoint()).expectNext(new Lsn(30)).verifyComplete();

        assertThat(states.written).hasSize(3).last().isEqualTo("slot 0/1E");
        assertThat(states.written).contains("state a 0/1E", "state b 0/1E");
    }

    @Test
    void aStateTellsWhenWhatIsStoredWasCommitted() {
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");
        times.note(new Commit(new Lsn(29), new Lsn(30), noon));
        stored(30);

        checkpoints.checkpoint().block();

        assertThat(states.get("a").storedAt()).contains(noon);
    }

    @Test
    void nothingIsWrittenWhenNothingMoved() {
        StepVerifier.create(checkpoints.checkpoint()).verifyComplete();
        stored(30);
        checkpoints.checkpoint().block();
        states.written.clear();

        StepVerifier.create(checkpoints.checkpoint()).verifyComplete();

        assertThat(states.written).isEmpty();
    }

    @Test
    void anIndexThatIsAheadOfTheSlotStaysThere() {
        stored(15);

        checkpoints.checkpoint().block();

        assertThat(states.written).containsExactly("state a 0/F", "slot 0/F");
        assertThat(states.get("b").stored()).isEqualTo(new Lsn(20));
    }

    @Test
    void refusedDocumentsAreRecordedBeforeTheirPositionIsConfirmed() {
        refused.add(new RootKey("a", List.of("7")), 1);
        stored(30);

        checkpoints.checkpoint().block();

        assertThat(states.get("a").refused()).containsExactly("7");
        assertThat(states.get("b").refused()).isEmpty();
    }

    @Test
    void theProgressOfALoadIsRecordedWithoutAMoveOfTheStream() {
        checkpoints.noteBackfill("b", BackfillProgress.start(true).loaded(List.of("5"), 5, 0));

        StepVerifier.create(checkpoints.checkpoint()).verifyComplete();

        assertThat(states.get("b").backfill().lastKey()).contains(List.of("5"));
        assertThat(states.written).containsExactly("state b 0/14");
    }

    @Test
    void aStateThatSomebodyElseWroteConfirmsNothing() {
        states.put(States.state("b", 20).withGeneration(2));
        stored(30);

        StepVerifier.create(checkpoints.checkpoint()).verifyError(StateConflictException.class);

        assertThat(states.written).noneMatch(line -> line.startsWith("slot"));
    }

    @Test
    void aLoadThatWasAskedForInTheStateBeginsWithTheNextRun() {
        states.put(States.state("b", 20).withBackfill(BackfillProgress.start(true)));
        stored(30);

        StepVerifier.create(checkpoints.checkpoint()).verifyError(BackfillRequestedException.class);

        assertThat(states.written).noneMatch(line -> line.startsWith("slot"));
        assertThat(states.get("b").backfill()).isEqualTo(BackfillProgress.start(true));
    }

    /** The write is repeated, and then finds the request over itself. */
    @Test
    void aLoadThatWasAskedForOverAWriteWithoutAnAnswerIsARequestToo() {
        stored(30);
        states.conflicts = 1;
        states.winner =
                before -> before.withStored(new Lsn(30), Optional.empty()).withBackfill(BackfillProgress.start(true));

        StepVerifier.create(checkpoints.checkpoint()).verifyError(BackfillRequestedException.class);
    }

    @Test
    void aLoadThatMendsWhatWasWrongIsARequestToo() {
        SyncState wrong = States.state("b", 20)
                .withDiverged(Diverged.at(new Lsn(5), Kind.DEFINITION_CHANGED, "type mood"))
                .withDefinitions(new Definitions(Map.of(), Map.of(), Map.of(), Map.of()));
        var following = new Checkpointer(
                new Claim(1, TREES.subList(1, 2), Map.of("b", states.put(wrong)), Map.of()),
                stream,
                times,
                refused,
                index -> Optional.empty(),
                states,
                states.source(10, Flux.never()),
                PipelineListener.NONE);
        new BackfillRequests(states, Schedulers.immediate())
                .askWhole(
                        "b",
                        states.get("b").schemaFingerprint(),
                        new LoadedDefinition(MissingNode.getInstance(), "types", Map.of()))
                .block();
        stored(30);

        StepVerifier.create(following.checkpoint()).verifyError(BackfillRequestedException.class);

        assertThat(states.get("b").diverged()).isEmpty();
        assertThat(states.get("b").definitions()).isEmpty();
    }

    @Test
    void definitionsAreRecordedWithWhatIsStored() {
        var seen = new Definitions(Map.of("type \"mood\"", Set.of("1=sad")), Map.of(), Map.of(), Map.of());
        var following = new Checkpointer(
                new Claim(1, TREES.subList(1, 2), Map.of("b", states.put(States.state("b", 20))), Map.of()),
                stream,
                times,
                refused,
                index -> Optional.of(seen),
                states,
                states.source(10, Flux.never()),
                PipelineListener.NONE);

        following.checkpoint().block();

        assertThat(states.get("b").definitions()).contains(seen);
    }

    @Test
    void whatIsWrongIsToldByTheStateAndMendedByTheLoadThatIsAskedForThen() {
        checkpoints.noteDivergence(new Divergence(Kind.LOAD_REFUSED, "b", "none is stored"));
        checkpoints.checkpoint().block();
        assertThat(states.get("b").diverged())
                .hasValueSatisfying(found -> assertThat(found.kind()).isEqualTo(Kind.LOAD_REFUSED));
        states.written.clear();
        checkpoints.checkpoint().block();
        assertThat(states.written).isEmpty();

        states.put(States.state("b", 20).withBackfill(BackfillProgress.start(true)));
        stored(30);

        StepVerifier.create(checkpoints.checkpoint()).verifyError(BackfillRequestedException.class);
    }

    /** Who shows it shows what {@code status} reads in the state. */
    @Test
    void whatIsWrongIsToldTogetherWithWhatWasWrongBefore() {
        var told = new ArrayList<Optional<Diverged>>();
        states.put(States.state("b", 20).withDiverged(Diverged.at(new Lsn(5), Kind.PARTITIONS_CHANGED, "attached")));
        var following = new Checkpointer(
                new Claim(
                        1,
                        TREES.subList(1, 2),
                        Map.of("b", states.load("b").block().orElseThrow()),
                        Map.of()),
                stream,
                times,
                refused,
                index -> Optional.empty(),
                states,
                states.source(10, Flux.never()),
                new PipelineListener() {
                    @Override
                    public void diverged(String index, Optional<Diverged> found) {
                        told.add(found);
                    }
                });

        following.noteDivergence(new Divergence(Kind.LOAD_REFUSED, "b", "none is stored"));
        following.checkpoint().block();

        assertThat(told).containsExactly(states.get("b").diverged());
        assertThat(told.get(0))
                .hasValueSatisfying(found -> assertThat(found.kind()).isEqualTo(Kind.PARTITIONS_CHANGED));
    }

    private void stored(long position) {
        Part part = stream.begin(Optional.empty(), Optional.of(new Lsn(position)));
        part.done();
    }
}
