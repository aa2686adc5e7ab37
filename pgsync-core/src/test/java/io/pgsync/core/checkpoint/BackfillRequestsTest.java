package io.pgsync.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.BackfillProgress.Phase;
import io.pgsync.core.failure.SyncException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** A plan estimates by it, and a load of some documents tells little about that of all. */
    @Test
    void theRateOfTheLastWholeLoadOutlivesPartsOfIt() {
        backfill(BackfillProgress.start(false).in(Phase.DONE).atRate(9_000));

        ask(Optional.of("id = 1"));

        assertThat(backfill().perSecond()).isEqualTo(9_000);
        backfill(BackfillProgress.start(false).in(Phase.DONE).atRate(9_000));
        StepVerifier.create(requests.askFor("shop", List.of("7")))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(backfill().perSecond()).isEqualTo(9_000);
    }

    /** An earlier release does not know single documents, and would relax the settings of the index for such a load. */
    @Test
    void anEarlierReleaseTakesSingleDocumentsForAWholeLoadThatRemoves() {
        assertThat(BackfillProgress.startIds(List.of("7")).removesOrphans()).isTrue();
    }

    @Test
    void partsThatAreAskedForComeBeforeTheLoadForPartitions() {
        var load = PartitionLoad.of(List.of("public.item"), Optional.empty(), "item left");
        backfill(BackfillProgress.DONE.and(load));

        ask(Optional.of("id = 1"));
        StepVerifier.create(requests.askFor("shop", List.of("7")))
                .expectNextCount(1)
                .verifyComplete();

        assertThat(backfill())
                .isEqualTo(BackfillProgress.startWhere("id = 1")
                        .withIds(List.of("7"))
                        .with(Optional.of(load)));
        backfill(BackfillProgress.DONE.and(load));
        StepVerifier.create(requests.askFor("shop", List.of("7")))
                .expectNextCount(1)
                .verifyComplete();
        assertThat(backfill().idsLoaded(1, 0).phase()).isEqualTo(Phase.PARTITIONS);
        ask(WHOLE);
        assertThat(backfill()).as("includes it").isEqualTo(BackfillProgress.start(true));
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

    @Test
    void documentsAreAskedForByTheirIds() {
        askFor("1", "2");

        assertThat(backfill()).isEqualTo(BackfillProgress.startIds(List.of("1", "2")));
        assertThat(backfill().isWholeUnderWay()).isFalse();
        assertThat(backfill().idsLoaded(2, 1).isDone()).isTrue();
    }

    @Test
    void documentsThatAreNotLoadedYetAreNotForgottenOverOthers() {
        askFor("1", "2");
        askFor("2", "3");
        assertThat(backfill().ids()).containsExactly("1", "2", "3");

        ask(Optional.of("id = 9"));

        assertThat(backfill()).isEqualTo(BackfillProgress.startWhere("id = 9").withIds(List.of("1", "2", "3")));
    }

    @Test
    void documentsComeBeforeTheRestOfAPartThatIsUnderWay() {
        BackfillProgress begun = BackfillProgress.startWhere("id > 0").loaded(List.of("7"), 7, 0);
        backfill(begun);

        askFor("1");

        assertThat(backfill()).isEqualTo(begun.withIds(List.of("1")));
        assertThat(backfill().idsLoaded(1, 0)).isEqualTo(begun.loaded(List.of("7"), 1, 0));
    }

    @Test
    void documentsOfALoadThatIsDoneAreForgotten() {
        backfill(BackfillProgress.startIds(List.of("7")).in(Phase.DONE));

        askFor("1");

        assertThat(backfill().ids()).containsExactly("1");
    }

    @Test
    void documentsOfAWholeThatIsUnderWayAreNotAskedFor() {
        backfill(BackfillProgress.start(false));

        StepVerifier.create(requests.askFor("shop", List.of("1")))
                .verifyErrorSatisfies(
                        failure -> assertThat(failure).hasMessageContaining("is being loaded as a whole"));
    }

    @Test
    void theWholeHasEveryDocumentInIt() {
        askFor("1");

        ask(WHOLE);

        assertThat(backfill()).isEqualTo(BackfillProgress.start(true));
    }

    @Test
    void noMoreDocumentsAreNamedThanOneStatementReads() {
        List<String> many = IntStream.range(0, BackfillProgress.MOST_IDS)
                .mapToObj(Integer::toString)
                .toList();
        requests.askFor("shop", many).block();

        StepVerifier.create(requests.askFor("shop", List.of("one more")))
                .verifyErrorSatisfies(failure -> assertThat(failure).hasMessageContaining("are being loaded already"));
        StepVerifier.create(requests.askFor("shop", many)).expectNextCount(1).verifyComplete();
    }

    private void askFor(String... ids) {
        StepVerifier.create(requests.askFor("shop", List.of(ids)))
                .expectNextMatches(progress -> progress.equals(backfill()))
                .verifyComplete();
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
