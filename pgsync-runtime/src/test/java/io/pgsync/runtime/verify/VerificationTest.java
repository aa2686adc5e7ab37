package io.pgsync.runtime.verify;

import static io.pgsync.runtime.verify.VerifiedSides.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.lookup.StoredForm;
import io.pgsync.runtime.config.VerifyOrder;
import io.pgsync.runtime.report.Difference;
import io.pgsync.runtime.report.Difference.Kind;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import io.pgsync.runtime.report.VerifyProgress;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** What a verification finds. */
class VerificationTest {
    private final VerifiedSides verified = new VerifiedSides();
    private final SidesInMemory sides = verified.sides;

    @Test
    void anIndexThatIsAsItsTablesSay() {
        sides.books(2_500);

        VerifiedIndex found = verified.run(ALL);

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

        VerifiedIndex found = verified.run(ALL);

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

        assertThat(verified.run(ALL).counts().differing()).isZero();
    }

    @Test
    void aDocumentOnSeveralShardsIsNotAsItMustBe() {
        sides.books(3);
        sides.copies.duplicate("2");

        assertThat(verified.run(ALL).differences())
                .containsExactly(new Difference(Kind.DIFFERENT, "2", List.of("(stored 2 times)")));
    }

    @Test
    void whereOthersChangeTheContentOnlyIdsAreCompared() {
        sides.books(3);
        sides.copies.write("1", "{'n': 'theirs'}");
        sides.copies.delete("2");
        sides.form = new StoredForm(Optional.of("of a pipeline"), List.of(), List.of());

        VerifiedIndex found = verified.run(ALL);

        assertThat(found.differences()).extracting(Difference::id).containsExactly("2");
        assertThat(found.presenceOnly()).contains("of a pipeline");
    }

    @Test
    void whatNobodyCanMakeIsCountedAndNoDifference() {
        sides.books(3);
        sides.rows.write(4, RowsInMemory.UNMADE);

        assertThat(verified.run(ALL).counts()).isEqualTo(new Counts(4, 0, 0, 0, 1, 0, 0));
    }

    @Test
    void whatAPluginDropsIsNoDocumentAndExtraIfItIsStored() {
        sides.books(3);
        sides.rows.write(4, RowsInMemory.DROPPED);
        sides.copies.write("4", "{}");
        sides.rows.write(5, RowsInMemory.DROPPED);

        VerifiedIndex found = verified.run(ALL);

        assertThat(found.counts()).isEqualTo(new Counts(3, 0, 0, 1, 0, 0, 0));
        assertThat(found.differences()).extracting(Difference::id).containsExactly("4");
    }

    /** The row of such a key has another id; both are looked at, and each is told once. */
    @Test
    void anIdThatWritesAKeyInAnotherFormIsExtra() {
        sides.books(3);
        sides.copies.write("2", "{}");
        sides.copies.write("002", "{}");

        assertThat(verified.run(ALL).differences())
                .extracting(Difference::id, Difference::kind)
                .containsExactlyInAnyOrder(tuple("2", Kind.DIFFERENT), tuple("002", Kind.EXTRA));
    }

    @Test
    void underAConditionNothingIsLookedForInTheIndex() {
        sides.books(3);
        sides.copies.write("1", "{}");
        sides.copies.write("99", "{}");

        VerifiedIndex found =
                verified.run(new VerifyOrder(List.of(), Optional.of("id < 9"), 1, OptionalInt.empty(), false));

        assertThat(found.differences()).extracting(Difference::id).containsExactly("1");
        assertThat(found.searchesExtra()).isFalse();
    }

    @Test
    void idsOfRowsOnWhichTheServerFailsAreReadOneByOne() {
        sides.books(3);
        sides.copies.write("4", "{}");
        sides.rows.areUnreadable = true;

        assertThat(verified.run(ALL).differences()).extracting(Difference::id).containsExactly("4");
    }

    @Test
    void whatIsReadOnceMoreForSuchRowsIsToldOnce() {
        sides.books(600);
        sides.copies.write("9", "{}");
        sides.rows.areUnreadable = true;

        VerifiedIndex found = verified.run(ALL);

        assertThat(found.differences()).containsExactly(new Difference(Kind.DIFFERENT, "9", List.of("n")));
        assertThat(found.counts().differing()).isEqualTo(1);
    }

    @Test
    void whatWasFoundBeforeAFailureIsTold() {
        sides.books(3);
        sides.copies.write("2", "{}");
        var lost = new SyncException(Remedy.RETRY, "no answer");
        sides.before.put("ids", () -> {
            throw lost;
        });
        Verification verification =
                verified.verification(new VerifyOrder(List.of(), Optional.empty(), 1, OptionalInt.empty(), true));

        assertThatThrownBy(() -> verification.run(Mono.never()).block()).isSameAs(lost);

        VerifiedIndex found = verification.soFar().orElseThrow();
        assertThat(found.differences()).extracting(Difference::id).containsExactly("2");
        assertThat(found.counts().compared()).isEqualTo(3);
        assertThat(found.isComplete()).isFalse();
        assertThat(sides.repairs).isEmpty();
    }

    @Test
    void beforeItBeganNothingWasFound() {
        sides.before.put("caughtUp", () -> {
            throw new SyncException(Remedy.RETRY, "no answer");
        });
        Verification verification = verified.verification(ALL);

        assertThatThrownBy(() -> verification.run(Mono.never()).block()).hasMessage("no answer");

        assertThat(verification.soFar()).isEmpty();
    }

    @Test
    void moreDifferencesThanAnybodyReadsAreCounted() {
        sides.differentBooks(1_700);

        VerifiedIndex found = verified.run(ALL);

        assertThat(found.counts().different()).isEqualTo(1_700);
        assertThat(found.differences()).hasSize(Tally.MOST_DIFFERENCES);
    }

    @Test
    void aStopLeavesWhatWasFoundSoFar() {
        sides.books(3);

        VerifiedIndex found = verified.run(ALL, Mono.empty());

        assertThat(found.isComplete()).isFalse();
        assertThat(found.counts().compared()).isZero();
    }

    @Test
    void tellsHowFarItIs() {
        sides.books(1_500);

        verified.run(ALL);

        assertThat(verified.progress)
                .extracting(VerifyProgress::stage, VerifyProgress::compared, VerifyProgress::expected)
                .containsSubsequence(
                        tuple(VerifyProgress.Stage.DOCUMENTS, 1_500L, 1_500L),
                        tuple(VerifyProgress.Stage.IDS, 1_000L, 1_500L),
                        tuple(VerifyProgress.Stage.IDS, 1_500L, 1_500L));
    }

    /** The engine forgets a search of which nobody asks for the next page for minutes. */
    @Test
    void atALowRateFewIdsAreReadAtATime() {
        sides.books(1);

        verified.run(new VerifyOrder(List.of(), Optional.empty(), 1, OptionalInt.of(3), false));

        assertThat(sides.idsAtATime).isEqualTo(3);
    }

    @Test
    void aSampleIsAPartOfTheIdsToo() {
        sides.books(20_000);

        VerifiedIndex found =
                verified.run(new VerifyOrder(List.of(), Optional.empty(), 0.1, OptionalInt.empty(), false));

        assertThat(found.counts().compared()).isBetween(1_500L, 2_500L);
        assertThat(verified.progress)
                .filteredOn(told -> told.stage() == VerifyProgress.Stage.IDS)
                .hasSizeLessThan(10);
    }
}
