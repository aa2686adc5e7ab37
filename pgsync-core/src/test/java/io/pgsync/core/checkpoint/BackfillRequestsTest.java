package io.pgsync.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.failure.SyncException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

class BackfillRequestsTest {
    private static final Optional<String> WHOLE = Optional.empty();

    private final OneState states = new OneState();
    private final BackfillRequests requests = new BackfillRequests(states, Schedulers.parallel());

    @Test
    void aLoadThatIsDoneStartsAnewAndRemovesOrphans() {
        states.backfill(BackfillProgress.start(false).loaded(List.of("7"), 7, 0).in(Phase.DONE));

        ask(WHOLE);

        assertThat(states.backfill()).isEqualTo(BackfillProgress.start(true));
        assertThat(states.now.generation()).isEqualTo(3);
    }

    @Test
    void aPartIsAskedForByItsCondition() {
        ask(Optional.of("id = 1"));

        assertThat(states.backfill()).isEqualTo(BackfillProgress.startWhere("id = 1"));
    }

    @Test
    void anOwnerThatMayBeFurtherThanItsStateSaysStartsOver() {
        states.backfill(BackfillProgress.start(false));

        ask(Optional.of("id = 1"));

        assertThat(states.backfill()).isEqualTo(BackfillProgress.start(false));
        assertThat(states.writes).isEqualTo(1);
    }

    @Test
    void aWholeLoadThatHasBegunStartsOverForAnotherOne() {
        states.backfill(BackfillProgress.start(false).loaded(List.of("7"), 7, 0));

        ask(WHOLE);

        assertThat(states.backfill()).isEqualTo(BackfillProgress.start(true));
    }

    @Test
    void aWholeLoadThatHasBegunMayHavePassedThePart() {
        BackfillProgress begun = BackfillProgress.start(false).loaded(List.of("7"), 7, 0);
        states.backfill(begun);

        StepVerifier.create(requests.ask("shop", Optional.of("id = 1")))
                .verifyErrorSatisfies(failure -> assertThat(failure)
                        .isInstanceOf(SyncException.class)
                        .hasMessageContaining("is being loaded as a whole"));
        assertThat(states.backfill()).isEqualTo(begun);
    }

    @Test
    void aPartThatIsNotDoneYetIsNotForgottenOverAnother() {
        ask(Optional.of("id = 1"));

        ask(Optional.of("id = 1"));
        assertThat(states.backfill().where()).contains("id = 1");
        ask(Optional.of("id = 2 -- two"));

        assertThat(states.backfill().where()).contains("(id = 1\n) OR (id = 2 -- two\n)");
    }

    @Test
    void isRepeatedWhenTheOwnerWritesAtTheSameTime() {
        states.conflicts = 3;

        ask(WHOLE);

        assertThat(states.backfill()).isEqualTo(BackfillProgress.start(true));
        assertThat(states.conflicts).isZero();
    }

    private void ask(Optional<String> where) {
        StepVerifier.create(requests.ask("shop", where))
                .expectNextMatches(progress -> progress.equals(states.backfill()))
                .verifyComplete();
    }

    /** One state in memory, with an owner that writes it in between so many times. */
    private static final class OneState implements SyncStateStore {
        private SyncState now = new SyncState(
                "shop",
                "uuid",
                new SourceIdentity("42", 1, "shop", "pgsync"),
                3,
                "f",
                BackfillProgress.DONE,
                new Lsn(10),
                List.of());
        private int conflicts;
        private int writes;

        BackfillProgress backfill() {
            return now.backfill();
        }

        void backfill(BackfillProgress progress) {
            now = now.withBackfill(progress);
        }

        @Override
        public Mono<Optional<StoredState>> load(String index) {
            return Mono.fromSupplier(() -> Optional.of(new StoredState(now, "")));
        }

        @Override
        public Mono<StoredState> create(SyncState state) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mono<StoredState> replace(StoredState expected, SyncState next) {
            return Mono.fromSupplier(() -> {
                if (conflicts > 0) {
                    conflicts--;
                    throw new StateConflictException("shop");
                }
                now = next;
                writes++;
                return new StoredState(next, "");
            });
        }

        @Override
        public Mono<Void> delete(String index) {
            throw new UnsupportedOperationException();
        }
    }
}
