package io.pgsync.runtime.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.backfill.BackfillRun.Request;
import io.pgsync.runtime.report.BackfillOutcome;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Databases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

class BackfillRunTest {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final BackfillProgress DONE =
            BackfillProgress.start(true).loaded(List.of("9"), 9, 0).in(Phase.DONE);

    private static final LoadedDefinition NOW =
            new LoadedDefinition(JsonNodeFactory.instance.objectNode().put("pipeline", "clean"), "types", Map.of());

    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final StatesInMemory states = StatesInMemory.of("books", "authors");
    private final List<String> events = states.written;
    private final Sinks.Empty<Void> stop = Sinks.empty();
    private List<DocumentTree> trees = List.of(Databases.tree("books"));
    private String fingerprint = "f";
    private Optional<String> where = Optional.empty();
    private Mono<Void> condition = Mono.empty();
    private Mono<SlotStatus> slot = Mono.just(slot(0));

    @AfterEach
    void close() {
        timer.dispose();
    }

    @Test
    void withoutAProcessEverythingIsMadeSoundBeforeTheOrderIsWritten() {
        var end = run();
        pass(POLL.multipliedBy(10));
        ended("books", DONE);

        assertThat(end).isCompletedWithValue(BackfillOutcome.LOADED);
        assertThat(events).containsExactly("made sound", "state books 0/A", "resumes books", "followed", "let go");
        assertThat(states.get("books").backfill()).isEqualTo(DONE);
    }

    @Test
    void aWholeLoadCountsAsLoadedWithTheDefinitionOfNow() {
        slot = Mono.empty();

        run();

        assertThat(states.get("books").loaded()).contains(NOW);
        assertThat(events).containsOnlyOnce("state books 0/A");
    }

    /** A daemon that runs loads with the file that it was started with. */
    @Test
    void aDefinitionThatARunWouldRefuseIsNotTaken() {
        fingerprint = "of a changed file";

        run();

        assertThat(states.get("books").loaded()).isEmpty();
        assertThat(states.get("books").schemaFingerprint()).isEqualTo("f");
    }

    @Test
    void aLoadOfAPartLeavesTheRestAsAnEarlierDefinitionMadeIt() {
        slot = Mono.empty();
        where = Optional.of("price > 0");

        run();

        assertThat(states.get("books").backfill()).isEqualTo(BackfillProgress.startWhere("price > 0"));
        assertThat(states.get("books").loaded()).isEmpty();
        assertThat(states.get("books").schemaFingerprint()).isEqualTo("f");
    }

    @Test
    void aProcessThatReadsTheSlotPerformsTheLoadItself() {
        slot = Mono.just(slot(7));

        var end = run();
        ended("books", DONE);

        assertThat(end).isCompletedWithValue(BackfillOutcome.LOADED);
        assertThat(events).containsExactly("state books 0/A", "resumes books", "beat", "loaded books 9");
    }

    @Test
    void aProcessThatStartsOverIsWaitedForAndNotRobbedOfItsSlot() {
        var looks = new ArrayList<>(List.of(slot(0), slot(0), slot(0), slot(7)));
        slot = Mono.fromSupplier(() -> looks.size() > 1 ? looks.remove(0) : looks.get(0));

        var end = run();
        pass(POLL.multipliedBy(4));
        ended("books", DONE);

        assertThat(end).isCompletedWithValue(BackfillOutcome.LOADED);
        assertThat(events).contains("beat").doesNotContain("made sound", "followed");
    }

    @Test
    void whereThereIsNoSlotNobodyIsWaitedFor() {
        slot = Mono.empty();

        run();

        assertThat(events).contains("followed");
    }

    @Test
    void aConditionThatTheServerDoesNotTakeIsRefusedBeforeAnythingIsDone() {
        where = Optional.of("nonsense");
        condition = Mono.error(new SyncException(Remedy.STOP, "column nonsense does not exist"));

        fails(run(), Remedy.STOP, "column nonsense does not exist");

        assertThat(events).isEmpty();
    }

    @Test
    void aStopLeavesTheOrderStanding() {
        slot = Mono.empty();

        var end = run();
        stop.tryEmitEmpty();

        assertThat(end).isCompletedWithValue(BackfillOutcome.STOPPED);
        assertThat(states.get("books").backfill()).isEqualTo(BackfillProgress.start(true));
    }

    @Test
    void anOrderThatStandsInPartStandsWhateverCameOfTheRest() {
        slot = Mono.empty();
        trees = List.of(Databases.tree("books"), Databases.tree("authors"));

        var end = run();
        ended("books", refused(9));
        stop.tryEmitEmpty();

        assertThat(end).isCompletedWithValue(BackfillOutcome.STOPPED);
    }

    @Test
    void aLoadOfWhichEverythingIsRefusedIsNoSuccess() {
        slot = Mono.empty();

        var end = run();
        ended("books", refused(9));

        assertThat(end).isCompletedWithValue(BackfillOutcome.REFUSED);
    }

    @Test
    void whoeverPerformsTheLoadAndEndsLeavesItsReason() {
        slot = Mono.just(slot(7));

        var end = run();
        diverged(Kind.GAP);

        fails(end, Remedy.REPAIR, "what was found");
    }

    @Test
    void whatIsSetAsideMeanwhileIsForAPersonToMend() {
        slot = Mono.just(slot(7));

        var end = run();
        diverged(Kind.SCHEMA_DRIFT);

        fails(end, Remedy.STOP, "what was found");
    }

    @Test
    void aConditionThatFailsInTheMiddleIsForAPersonToMend() {
        slot = Mono.empty();
        where = Optional.of("1 / price > 0");

        var end = run();
        ended("books", states.get("books").backfill().refused("division by zero"));

        fails(end, Remedy.STOP, "division by zero");
    }

    @Test
    void statesThatAreAwayAreAskedAgain() {
        slot = Mono.just(slot(7));

        var end = run();
        states.isAway = true;
        pass(POLL);
        states.isAway = false;
        ended("books", DONE);
        pass(Duration.ofMinutes(1));

        assertThat(end).isCompletedWithValue(BackfillOutcome.LOADED);
    }

    @Test
    void aStateThatIsRemovedTakesTheOrderWithIt() {
        slot = Mono.just(slot(7));

        var end = run();
        states.delete("books").block();
        pass(POLL);

        fails(end, Remedy.REPAIR, "\"books\"");
    }

    private CompletableFuture<BackfillOutcome> run() {
        var request = new Request("pgsync", trees, where);
        CompletableFuture<BackfillOutcome> end = BackfillRun.request(request, new Loaded(), states, timer)
                .flatMap(run -> run.perform(stop.asMono(), RunListener.NONE))
                .toFuture();
        pass(Duration.ZERO);
        return end;
    }

    private static void fails(CompletableFuture<BackfillOutcome> end, Remedy remedy, String words) {
        assertThat(end).isCompletedExceptionally();
        Throwable failure = end.handle((done, known) -> known).join();
        assertThat(((SyncException) failure).remedy()).isEqualTo(remedy);
        assertThat(failure).hasMessageContaining(words);
    }

    private void ended(String index, BackfillProgress progress) {
        states.put(states.get(index).withBackfill(progress));
        pass(POLL);
    }

    private void diverged(Kind kind) {
        states.put(states.get("books").withDiverged(Diverged.at(new Lsn(10), kind, "what was found")));
        pass(POLL);
    }

    private void pass(Duration time) {
        timer.advanceTimeBy(time);
    }

    private static BackfillProgress refused(long documents) {
        return BackfillProgress.start(true)
                .loaded(List.of("9"), documents, documents)
                .in(Phase.DONE);
    }

    private static SlotStatus slot(int pid) {
        return new SlotStatus(
                "pgsync",
                "pgoutput",
                "shop",
                Optional.of(pid).filter(found -> found > 0),
                Optional.of(new Lsn(5)),
                Optional.of(new Lsn(10)),
                "reserved",
                Optional.empty(),
                false);
    }

    private final class Loaded implements LoadedDatabase, LoadedDatabase.Follower {
        @Override
        public Mono<Void> checkCondition(DocumentTree tree, String sql) {
            return condition;
        }

        @Override
        public Mono<SlotStatus> slot() {
            return slot;
        }

        @Override
        public Mono<Void> makeSound() {
            return does("made sound");
        }

        @Override
        public Mono<Void> beat() {
            return does("beat");
        }

        @Override
        public Mono<Follower> prepare() {
            return Mono.just(this);
        }

        @Override
        public String fingerprint(DocumentTree tree) {
            return fingerprint;
        }

        @Override
        public LoadedDefinition definition(DocumentTree tree) {
            return NOW;
        }

        @Override
        public void resumes(String index, BackfillProgress now) {
            events.add("resumes " + index);
        }

        @Override
        public void loaded(String index, BackfillProgress now) {
            if (now.isDone()) {
                events.add("loaded " + index + " " + now.documents());
            }
        }

        @Override
        public Mono<Void> until(Mono<Void> end) {
            return does("followed").then(end).then(does("let go"));
        }

        @Override
        public Mono<Void> told(RunListener listener, Mono<Void> work) {
            return work;
        }

        private Mono<Void> does(String what) {
            return Mono.fromRunnable(() -> events.add(what));
        }
    }
}
