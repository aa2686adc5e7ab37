package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.lookup.StoredForm;
import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.report.Difference;
import io.pgsync.runtime.report.Difference.Kind;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import io.pgsync.runtime.report.VerifyProgress;
import io.pgsync.runtime.source.Databases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class VerificationTest {
    private static final VerifyOrder ALL = VerifyOrder.of();

    private static final VerifyOrder REPAIR =
            new VerifyOrder(List.of(), Optional.empty(), 1, OptionalInt.empty(), true);

    private final DocumentTree tree = Databases.tree("books");
    private final SidesInMemory sides = new SidesInMemory();
    private final List<VerifyProgress> progress = new ArrayList<>();

    @Test
    void anIndexThatIsAsItsTablesSay() {
        sides.books(2_500);

        VerifiedIndex found = run(ALL);

        assertThat(found.counts()).isEqualTo(new Counts(2_500, 0, 0, 0, 0, 0, 0));
        assertThat(found.isComplete()).isTrue();
        assertThat(found.position().value()).isEqualTo(10);
        assertThat(sides.waits).isEqualTo(1);
    }

    @Test
    void everyKindOfDifferenceIsFound() {
        sides.books(2_500);
        sides.copies.write("7", "{'n': 8}");
        sides.copies.delete("2500");
        sides.copies.write("2501", "{}");
        sides.copies.write("-1", "{}");
        sides.copies.write("no key", "{}");

        VerifiedIndex found = run(ALL);

        assertThat(found.differences())
                .extracting(Difference::id, Difference::kind)
                .containsExactlyInAnyOrder(
                        tuple("7", Kind.DIFFERENT),
                        tuple("2500", Kind.MISSING),
                        tuple("2501", Kind.EXTRA),
                        tuple("-1", Kind.EXTRA),
                        tuple("no key", Kind.EXTRA));
        assertThat(found.counts()).isEqualTo(new Counts(2_500, 1, 1, 3, 0, 0, 0));
    }

    @Test
    void whatChangesMeanwhileIsNoDifference() {
        sides.books(100);
        sides.before.put("stored", () -> {
            sides.before.remove("stored");
            sides.both(50, "{'n': 'changed'}");
            sides.rows.delete(60);
            sides.copies.delete("60");
            sides.both(101, "{}");
        });

        assertThat(run(ALL).counts().differing()).isZero();
    }

    @Test
    void aDocumentOnSeveralShardsIsNotAsItMustBe() {
        sides.books(3);
        sides.copies.duplicate("2");

        assertThat(run(ALL).differences())
                .containsExactly(new Difference(Kind.DIFFERENT, "2", List.of("(stored 2 times)")));
    }

    @Test
    void whereOthersChangeTheContentOnlyIdsAreCompared() {
        sides.books(3);
        sides.copies.write("1", "{'n': 'theirs'}");
        sides.copies.delete("2");
        sides.form = new StoredForm(Optional.of("of a pipeline"), List.of(), List.of());

        VerifiedIndex found = run(ALL);

        assertThat(found.differences()).extracting(Difference::id).containsExactly("2");
        assertThat(found.presenceOnly()).contains("of a pipeline");
    }

    @Test
    void whatNobodyCanMakeIsCountedAndNoDifference() {
        sides.books(3);
        sides.rows.write(4, RowsInMemory.UNMADE);

        assertThat(run(ALL).counts()).isEqualTo(new Counts(4, 0, 0, 0, 1, 0, 0));
    }

    @Test
    void whatAPluginDropsIsNoDocumentAndExtraIfItIsStored() {
        sides.books(3);
        sides.rows.write(4, RowsInMemory.DROPPED);
        sides.copies.write("4", "{}");
        sides.rows.write(5, RowsInMemory.DROPPED);

        VerifiedIndex found = run(ALL);

        assertThat(found.counts()).isEqualTo(new Counts(3, 0, 0, 1, 0, 0, 0));
        assertThat(found.differences()).extracting(Difference::id).containsExactly("4");
    }

    /** The row of such a key has another id; both are looked at, and each is told once. */
    @Test
    void anIdThatWritesAKeyInAnotherFormIsExtra() {
        sides.books(3);
        sides.copies.write("2", "{}");
        sides.copies.write("002", "{}");

        assertThat(run(ALL).differences())
                .extracting(Difference::id, Difference::kind)
                .containsExactlyInAnyOrder(tuple("2", Kind.DIFFERENT), tuple("002", Kind.EXTRA));
    }

    @Test
    void underAConditionNothingIsLookedForInTheIndex() {
        sides.books(3);
        sides.copies.write("1", "{}");
        sides.copies.write("99", "{}");

        VerifiedIndex found = run(new VerifyOrder(List.of(), Optional.of("id < 9"), 1, OptionalInt.empty(), false));

        assertThat(found.differences()).extracting(Difference::id).containsExactly("1");
        assertThat(found.searchesExtra()).isFalse();
    }

    @Test
    void idsOfRowsOnWhichTheServerFailsAreReadOneByOne() {
        sides.books(3);
        sides.copies.write("4", "{}");
        sides.rows.areUnreadable = true;

        assertThat(run(ALL).differences()).extracting(Difference::id).containsExactly("4");
    }

    @Test
    void exactlyWhatDiffersIsRepairedAndLookedAtAgain() {
        sides.books(2_500);
        sides.copies.write("7", "{'n': 8}");
        sides.copies.delete("2500");
        sides.copies.write("2501", "{}");
        sides.copies.write("no key", "{}");

        VerifiedIndex found = run(REPAIR);

        assertThat(sides.repairs).hasSize(1);
        assertThat(sides.repairs.get(0)).containsExactlyInAnyOrder("7", "2500", "2501");
        assertThat(found.counts()).isEqualTo(new Counts(2_500, 1, 1, 2, 0, 0, 3));
        assertThat(found.counts().remaining()).isEqualTo(1);
        assertThat(run(ALL).differences()).extracting(Difference::id).containsExactly("no key");
    }

    @Test
    void whatIsWrongAfterItsRepairIsNotRepaired() {
        sides.books(3);
        sides.copies.write("1", "{}");
        sides.copies.write("2", "{}");
        sides.copies.write("3", "{}");
        sides.unrepairable.addAll(List.of("1", "2"));
        sides.refusedLater.add("2");

        assertThat(run(REPAIR).counts().repaired()).isEqualTo(1);
    }

    @Test
    void withoutAnOrderToRepairNothingIs() {
        sides.books(3);
        sides.copies.write("1", "{}");

        run(ALL);

        assertThat(sides.repairs).isEmpty();
    }

    @Test
    void aStopLeavesWhatDiffersAsItIs() {
        sides.books(2_500);
        sides.copies.write("1", "{}");
        Sinks.Empty<Void> stop = Sinks.empty();
        sides.before.put("read", () -> {
            if (sides.rows.reads.size() == 1) {
                stop.tryEmitEmpty();
            }
        });

        VerifiedIndex found = verification(REPAIR).run(stop.asMono()).block();

        assertThat(found.isComplete()).isFalse();
        assertThat(found.differences()).extracting(Difference::id).containsExactly("1");
        assertThat(sides.repairs).isEmpty();
    }

    @Test
    void noMoreIsRepairedThanALoadWouldCost() {
        sides.books(10_300);
        for (int i = 1; i <= 10_300; i++) {
            sides.copies.write(Integer.toString(i), "{}");
        }

        VerifiedIndex found = run(REPAIR);

        assertThat(found.counts().repaired()).isEqualTo(Tally.MOST_REPAIRED);
        assertThat(found.counts().remaining()).isEqualTo(300);
        assertThat(sides.repairs).hasSize(10);
    }

    @Test
    void moreDifferencesThanAnybodyReadsAreCounted() {
        sides.books(1_700);
        for (int i = 1; i <= 1_700; i++) {
            sides.copies.write(Integer.toString(i), "{}");
        }

        VerifiedIndex found = run(ALL);

        assertThat(found.counts().different()).isEqualTo(1_700);
        assertThat(found.differences()).hasSize(Tally.MOST_DIFFERENCES);
    }

    @Test
    void aStopLeavesWhatWasFoundSoFar() {
        sides.books(3);

        VerifiedIndex found = verification(ALL).run(Mono.empty()).block();

        assertThat(found.isComplete()).isFalse();
        assertThat(found.counts().compared()).isZero();
    }

    @Test
    void tellsHowFarItIs() {
        sides.books(1_500);

        run(ALL);

        assertThat(progress)
                .extracting(VerifyProgress::stage, VerifyProgress::compared, VerifyProgress::expected)
                .containsSubsequence(
                        tuple(VerifyProgress.Stage.DOCUMENTS, 1_500L, 1_500L),
                        tuple(VerifyProgress.Stage.IDS, 1_000L, 1_500L),
                        tuple(VerifyProgress.Stage.IDS, 1_500L, 1_500L));
    }

    @Test
    void aSampleIsAPartOfTheIdsToo() {
        sides.books(20_000);

        VerifiedIndex found = run(new VerifyOrder(List.of(), Optional.empty(), 0.1, OptionalInt.empty(), false));

        assertThat(found.counts().compared()).isBetween(1_500L, 2_500L);
        assertThat(progress)
                .filteredOn(told -> told.stage() == VerifyProgress.Stage.IDS)
                .hasSizeLessThan(10);
    }

    private VerifiedIndex run(VerifyOrder order) {
        return verification(order).run(Mono.never()).block();
    }

    private Verification verification(VerifyOrder order) {
        return new Verification(
                tree,
                order,
                sides,
                new Pace(order.rate(), Schedulers.parallel()),
                new Random(7),
                new Telling("books", progress::add, Schedulers.parallel()));
    }
}
