package io.pgsync.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.failure.SyncException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class BackfillRequestsTest {
    private static final Optional<String> WHOLE = Optional.empty();

    private final StatesInMemory states = StatesInMemory.of("shop");
    private final BackfillRequests requests = new BackfillRequests(states, Schedulers.parallel());

    @Test
    void aLoadThatIsDoneStartsAnewAndRemovesOrphans() {
        backfill(BackfillProgress.start(false).loaded(List.of("7"), 7, 0).in(Phase.DONE));

        ask(WHOLE);

        assertThat(backfill()).isEqualTo(BackfillProgress.start(true));
        assertThat(states.get("shop").generation()).isEqualTo(1);
    }

    @Test
    void aPartIsAskedForByItsCondition() {
        ask(Optional.of("id = 1"));

        assertThat(backfill()).isEqualTo(BackfillProgress.startWhere("id = 1"));
    }

    @Test
    void anOwnerThatMayBeFurtherThanItsStateSaysStartsOver() {
        backfill(BackfillProgress.start(false));

        ask(Optional.of("id = 1"));

        assertThat(backfill()).isEqualTo(BackfillProgress.start(false));
        assertThat(states.written).hasSize(1);
    }

    @Test
    void aWholeLoadThatHasBegunStartsOverForAnotherOne() {
        backfill(BackfillProgress.start(false).loaded(List.of("7"), 7, 0));

        ask(WHOLE);

        assertThat(backfill()).isEqualTo(BackfillProgress.start(true));
    }

    @Test
    void aWholeLoadThatHasBegunMayHavePassedThePart() {
        BackfillProgress begun = BackfillProgress.start(false).loaded(List.of("7"), 7, 0);
        backfill(begun);

        StepVerifier.create(requests.ask("shop", Optional.of("id = 1")))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(SyncException.class)
                        .hasMessageContaining("is being loaded as a whole"));
        assertThat(backfill()).isEqualTo(begun);
    }

    @Test
    void aPartThatIsNotDoneYetIsNotForgottenOverAnother() {
        ask(Optional.of("id = 1"));

        ask(Optional.of("id = 1"));
        assertThat(backfill().where()).contains("id = 1");
        ask(Optional.of("id = 2 -- two"));

        assertThat(backfill().where()).contains("(id = 1\n) OR (id = 2 -- two\n)");
    }

    @Test
    void isRepeatedWhenTheOwnerWritesAtTheSameTime() {
        states.conflicts = 3;

        ask(WHOLE);

        assertThat(backfill()).isEqualTo(BackfillProgress.start(true));
        assertThat(states.conflicts).isZero();
    }

    private void ask(Optional<String> where) {
        StepVerifier.create(requests.ask("shop", where))
                .expectNextMatches(progress -> progress.equals(backfill()))
                .verifyComplete();
    }

    private BackfillProgress backfill() {
        return states.get("shop").backfill();
    }

    private void backfill(BackfillProgress progress) {
        states.put(states.get("shop").withBackfill(progress));
    }
}
