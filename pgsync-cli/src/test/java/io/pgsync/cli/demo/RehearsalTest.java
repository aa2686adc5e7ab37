package io.pgsync.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rehearsal goes the ways of the tour, on rows that are none of the shop's. {@link RehearsalIT} looks at what it leaves. */
class RehearsalTest {
    private static final Pattern CHANGE = Pattern.compile("(INSERT INTO|UPDATE|DELETE FROM) (\\w+)");
    private static final Pattern OWN_ROW = Pattern.compile("(VALUES \\(|WHERE (\\w+_)?id = )\\d+");

    @Test
    void rehearsesEachKindOfChangeThatIsShown() {
        assertThat(kinds(Rehearsal.CHANGES))
                .containsAll(
                        kinds(TourStep.ALL.stream().map(TourStep::statements).toList()));
    }

    @Test
    void touchesNoRowOfTheShop() {
        List<String> statements = Rehearsal.CHANGES.stream()
                .flatMap(change -> Stream.of(change.split(";")))
                .toList();

        assertThat(statements)
                .allSatisfy(statement -> assertThat(
                                OWN_ROW.matcher(statement).results().map(MatchResult::group))
                        .isNotEmpty()
                        .allSatisfy(row -> assertThat(row).endsWith("1001")));
        assertThat(Bookshop.resource("bookshop.sql")).doesNotContain("1001");
    }

    /** Such as "DELETE FROM review". */
    private static List<String> kinds(List<String> changes) {
        return changes.stream()
                .flatMap(change -> CHANGE.matcher(change).results().map(MatchResult::group))
                .distinct()
                .toList();
    }
}
