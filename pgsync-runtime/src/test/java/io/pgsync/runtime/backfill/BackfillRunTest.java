package io.pgsync.runtime.backfill;

import static io.pgsync.runtime.backfill.LoadedInMemory.NOW;
import static io.pgsync.runtime.backfill.LoadedInMemory.slot;
import static io.pgsync.runtime.backfill.OrderedLoad.DONE;
import static io.pgsync.runtime.backfill.OrderedLoad.POLL;
import static io.pgsync.runtime.backfill.OrderedLoad.assertThatFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.report.BackfillOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What an order to load is written as, and who performs it. */
class BackfillRunTest {
    @AutoClose
    private final OrderedLoad load = new OrderedLoad();

    @Test
    void withoutAProcessEverythingIsMadeSoundBeforeTheOrderIsWritten() {
        var end = load.run();
        load.pass(POLL.multipliedBy(10));
        load.comesTo("books", DONE);

        assertThat(end).isCompletedWithValue(BackfillOutcome.LOADED);
        assertThat(load.events).containsExactly("made sound", "state books 0/A", "resumes books", "followed", "let go");
        assertThat(load.states.get("books").backfill()).isEqualTo(DONE);
    }

    @Test
    void aWholeLoadCountsAsLoadedWithTheDefinitionOfNow() {
        load.database.slot = Mono.empty();

        load.run();

        assertThat(load.states.get("books").loaded()).contains(NOW);
        assertThat(load.events).containsOnlyOnce("state books 0/A");
    }

    /** A daemon that runs loads with the file that it was started with. */
    @Test
    void aDefinitionThatARunWouldRefuseIsNotTaken() {
        load.database.fingerprint = "of a changed file";

        load.run();

        assertThat(load.states.get("books").loaded()).isEmpty();
        assertThat(load.states.get("books").schemaFingerprint()).isEqualTo("f");
    }

    @Test
    void aLoadOfAPartLeavesTheRestAsAnEarlierDefinitionMadeIt() {
        load.database.slot = Mono.empty();
        load.where = Optional.of("price > 0");

        load.run();

        assertThat(load.states.get("books").backfill()).isEqualTo(BackfillProgress.startWhere("price > 0"));
        assertThat(load.states.get("books").loaded()).isEmpty();
        assertThat(load.states.get("books").schemaFingerprint()).isEqualTo("f");
    }

    @Test
    void aProcessThatReadsTheSlotPerformsTheLoadItself() {
        load.database.slot = Mono.just(slot(7));

        var end = load.run();
        load.comesTo("books", DONE);

        assertThat(end).isCompletedWithValue(BackfillOutcome.LOADED);
        assertThat(load.events).containsExactly("state books 0/A", "resumes books", "beat", "loaded books 9");
    }

    @Test
    void aProcessThatStartsOverIsWaitedForAndNotRobbedOfItsSlot() {
        var looks = new ArrayList<>(List.of(slot(0), slot(0), slot(0), slot(7)));
        load.database.slot = Mono.fromSupplier(() -> looks.size() > 1 ? looks.remove(0) : looks.get(0));

        var end = load.run();
        load.pass(POLL.multipliedBy(4));
        load.comesTo("books", DONE);

        assertThat(end).isCompletedWithValue(BackfillOutcome.LOADED);
        assertThat(load.events).contains("beat").doesNotContain("made sound", "followed");
    }

    @Test
    void whereThereIsNoSlotNobodyIsWaitedFor() {
        load.database.slot = Mono.empty();

        load.run();

        assertThat(load.events).contains("followed");
    }

    @Test
    void aConditionThatTheServerDoesNotTakeIsRefusedBeforeAnythingIsDone() {
        load.where = Optional.of("nonsense");
        load.database.condition = Mono.error(new SyncException(Remedy.STOP, "column nonsense does not exist"));

        assertThatFails(load.run(), Remedy.STOP, "column nonsense does not exist");

        assertThat(load.events).isEmpty();
    }
}
