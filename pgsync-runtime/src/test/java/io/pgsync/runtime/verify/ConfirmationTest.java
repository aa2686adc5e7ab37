package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.report.Difference.Kind;
import io.pgsync.runtime.source.Databases;
import io.pgsync.runtime.verify.Confirmation.Confirmed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfirmationTest {
    private final DocumentTree tree = Databases.tree("books");
    private final SidesInMemory sides = new SidesInMemory();

    @Test
    void whatIsWrongBeforeAndAfterIsReported() {
        sides.both(1, "{'title': 'right'}");
        sides.copies.write("1", "{'title': 'wrong'}");
        sides.rows.write(2, "{}");
        sides.copies.write("3", "{}");

        Confirmed found = confirm(1, 2, 3);

        assertThat(found.proven())
                .extracting(Suspect::id, Suspect::kind)
                .containsExactlyInAnyOrder(
                        tuple("1", Kind.DIFFERENT), tuple("2", Kind.MISSING), tuple("3", Kind.EXTRA));
        assertThat(found.proven())
                .filteredOn(suspect -> suspect.id().equals("1"))
                .allSatisfy(suspect -> assertThat(suspect.paths()).containsExactly("title"));
        assertThat(sides.waits).isEqualTo(1);
    }

    @Test
    void whatIsRightByNowIsNotWaitedFor() {
        sides.both(1, "{'title': 'right'}");

        assertThat(confirm(1)).isEqualTo(new Confirmed(List.of(), 0, 0));

        assertThat(sides.waits).isZero();
    }

    @Test
    void aChangeThatIsStoredWhileItIsWaitedForIsNoDifference() {
        sides.rows.write(1, "{'title': 'new'}");
        sides.copies.write("1", "{'title': 'old'}");
        sides.before.put("caughtUp", () -> sides.copies.write("1", "{'title': 'new'}"));

        assertThat(confirm(1)).isEqualTo(new Confirmed(List.of(), 0, 0));
    }

    /** It goes there and back: read as A, stored as B from in between, which is right, and read as A again. */
    @Test
    void aDocumentThatChangesBackAndForthIsNeverReported() {
        sides.rows.write(1, "{'title': 'A'}");
        sides.copies.write("1", "{'title': 'B'}");
        sides.before.put("caughtUp", () -> sides.copies.write("1", "{'title': 'B'}"));

        assertThat(confirm(1)).isEqualTo(new Confirmed(List.of(), 0, 1));

        assertThat(sides.waits).isEqualTo(Confirmation.MOST_ROUNDS);
    }

    @Test
    void aCopyThatIsWrittenBetweenItsMarkAndItsContentIsLookedAtAgain() {
        sides.rows.write(1, "{'title': 'A'}");
        sides.copies.write("1", "{'title': 'B'}");
        sides.before.put("stored", () -> sides.copies.write("1", "{'title': 'B'}"));

        assertThat(confirm(1).undecided()).isEqualTo(1);
    }

    /** Absent before and after are the same, but not what was there in between. */
    @Test
    void aCopyThatWasThereOnlyInBetweenIsNotWrong() {
        sides.rows.write(1, "{'title': 'A'}");
        sides.before.put("stored", () -> sides.copies.write("1", "{'title': 'B'}"));
        sides.before.put("caughtUp", () -> sides.copies.delete("1"));

        assertThat(confirm(1)).isEqualTo(new Confirmed(List.of(), 0, 1));
    }

    @Test
    void aDocumentOfWhichARereadGivesOthersTooIsJudgedAlone() {
        sides.rows.write(7, "{}");
        sides.copies.write("007", "{}");
        var suspect = new Suspect(
                "007", Optional.of(new RootKey("books", List.of("007"))), Kind.EXTRA, List.of(), Suspect.ABSENT);

        assertThat(confirm(List.of(suspect)).proven()).extracting(Suspect::id).containsExactly("007");
    }

    @Test
    void aDocumentThatIsSuspectedTwiceIsToldOnce() {
        sides.rows.write(1, "{}");

        assertThat(confirm(1, 1).proven()).hasSize(1);
        assertThat(sides.rows.reads).containsExactly(List.of(1));
    }

    @Test
    void aDocumentIsMissingOnlyIfItsRowWasThereAllTheTime() {
        sides.rows.write(1, "{}");
        // Deleted and brought back: the index has followed both, and is absent in between.
        sides.before.put("caughtUp", () -> sides.rows.write(1, "{}"));

        assertThat(confirm(1)).isEqualTo(new Confirmed(List.of(), 0, 1));
    }

    /** A row that is deleted in between would still be there, and its copy would not. */
    @Test
    void rowsAreLookedAtAfterTheirCopies() {
        sides.rows.write(1, "{}");
        sides.slowMarks = true;

        confirm(1);

        assertThat(sides.looks).containsExactly("marks", "rows", "read", "stored", "caughtUp", "marks", "rows");
    }

    @Test
    void aRootThatIsGoneInTheEndIsNotMissing() {
        var rounds = new ArrayList<Integer>();
        sides.before.put("read", () -> sides.rows.write(1, "{}"));
        sides.before.put("caughtUp", () -> {
            rounds.add(1);
            sides.rows.delete(1);
        });

        assertThat(confirm(1).proven()).isEmpty();
        assertThat(rounds).hasSize(Confirmation.MOST_ROUNDS);
    }

    @Test
    void rowsOfViewsMustBeThereInSeveralRounds() {
        sides.rows.hasMarks = false;
        sides.rows.write(1, "{}");

        assertThat(confirm(1).proven()).extracting(Suspect::kind).containsExactly(Kind.MISSING);

        assertThat(sides.waits).isEqualTo(Confirmation.ROUNDS_WITHOUT_MARK);
    }

    @Test
    void rowsThatCannotBeMarkedMustBeThereInSeveralRounds() {
        sides.rows.areUnreadable = true;
        sides.rows.write(1, "{}");

        assertThat(confirm(1).proven()).hasSize(1);

        assertThat(sides.waits).isEqualTo(Confirmation.ROUNDS_WITHOUT_MARK);
    }

    @Test
    void aRefusedDocumentIsKnownToBeWrong() {
        sides.rows.write(1, "{}");
        sides.refused.add("1");
        sides.rows.write(2, RowsInMemory.UNMADE);

        assertThat(confirm(1, 2)).isEqualTo(new Confirmed(List.of(), 2, 0));
    }

    @Test
    void anExtraDocumentIsNoLessExtraIfItWasRefusedOnce() {
        sides.copies.write("1", "{}");
        sides.refused.add("1");

        assertThat(confirm(1).proven()).extracting(Suspect::kind).containsExactly(Kind.EXTRA);
    }

    @Test
    void anIdThatCanBeNoKeyIsExtraAsLongAsItIsThere() {
        sides.copies.write("no key", "{}");
        var suspect = new Suspect("no key", Optional.empty(), Kind.EXTRA, List.of(), Suspect.ABSENT);

        assertThat(confirm(List.of(suspect)).proven()).extracting(Suspect::id).containsExactly("no key");
        sides.copies.delete("no key");
        assertThat(confirm(List.of(suspect))).isEqualTo(new Confirmed(List.of(), 0, 0));
    }

    private Confirmed confirm(Integer... keys) {
        return confirm(List.of(keys).stream()
                .map(key -> new Suspect(
                        key.toString(), Optional.of(RowsInMemory.root(key)), Kind.DIFFERENT, List.of(), Suspect.ABSENT))
                .toList());
    }

    private Confirmed confirm(List<Suspect> suspects) {
        return new Confirmation(tree, sides, new Comparison(sides, sides.form))
                .of(suspects)
                .block();
    }
}
