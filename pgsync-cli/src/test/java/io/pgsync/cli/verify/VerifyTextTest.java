package io.pgsync.cli.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.report.Difference;
import io.pgsync.runtime.report.Difference.Kind;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import io.pgsync.runtime.report.VerifyProgress;
import io.pgsync.runtime.report.VerifyProgress.Stage;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifyTextTest {
    private static final Difference DIFFERENT =
            new Difference(Kind.DIFFERENT, "17", List.of("title", "authors[2].name"));

    @Test
    void whereNothingDiffersOneLineIsEnough() {
        assertThat(VerifyText.of(found(new Counts(200_000, 0, 0, 0, 0, 0, 0), List.of())))
                .containsExactly("Index books: 200,000 documents compared in 41.5 s, as of 0/A: nothing differs");
    }

    @Test
    void everyDifferenceIsNamedAndWhatToDo() {
        var counts = new Counts(200, 1, 1, 1, 0, 0, 0);

        assertThat(VerifyText.of(found(
                        counts,
                        List.of(
                                new Difference(Kind.MISSING, "4", List.of()),
                                DIFFERENT,
                                new Difference(Kind.EXTRA, "999", List.of())))))
                .containsExactly(
                        "Index books: 200 documents compared in 41.5 s, as of 0/A:"
                                + " 3 differ (1 missing, 1 different, 1 extra)",
                        "  missing   4",
                        "  different 17  title, authors[2].name",
                        "  extra     999",
                        "  --repair reads exactly these again and stores them as they must be");
    }

    @Test
    void ofManyOnlyTheFirstAreShown() {
        List<String> lines =
                VerifyText.of(found(new Counts(9_000, 0, 2_000, 0, 0, 0, 0), Collections.nCopies(1_000, DIFFERENT)));

        assertThat(lines).hasSize(23).contains("  and 1,980 more; --json lists up to 1,000");
    }

    @Test
    void afterARepairWhatIsLeftIsTold() {
        assertThat(VerifyText.of(found(new Counts(9, 0, 3, 0, 0, 0, 3), List.of())))
                .first()
                .asString()
                .endsWith("3 differ (0 missing, 3 different, 0 extra), 3 of them repaired");
        assertThat(VerifyText.of(found(new Counts(9, 0, 3, 0, 0, 0, 2), List.of())))
                .contains("  1 are left; \"pgsync backfill\" loads the whole index")
                .noneMatch(line -> line.contains("--repair"));
    }

    @Test
    void theFailureThatEndedItIsSaidWithWhatWasFound() {
        VerifiedIndex found = found(new Counts(9, 0, 1, 0, 0, 0, 0), List.of(DIFFERENT))
                .endedBy(new SyncException(Remedy.RETRY, "The engine\nis away."));

        assertThat(VerifyText.of(found)).contains("  ended by a failure: The engine is away.");
        assertThat(VerifyJson.of(List.of(found))
                        .path("indexes")
                        .path(0)
                        .path("failure")
                        .asText())
                .isEqualTo("The engine\nis away.");
    }

    @Test
    void whatTheComparisonDoesNotSayIsSaid() {
        var found = new VerifiedIndex(
                "books",
                new Lsn(10),
                1,
                false,
                Optional.of("its source is synthetic"),
                false,
                new Counts(9, 0, 0, 0, 2, 3, 0),
                List.of());

        assertThat(VerifyText.of(found))
                .containsExactly(
                        "Index books: 9 documents compared in 1.0 s, as of 0/A: nothing differs",
                        "  stopped before the end",
                        "  only ids were compared, because its source is synthetic",
                        "  documents without a root were not looked for: no condition on roots finds them",
                        "  2 are refused, see \"pgsync status\"",
                        "  3 changed at every look, so nobody can tell");
    }

    @Test
    void programsGetTheSame() {
        var found = found(new Counts(200, 0, 1, 0, 2, 3, 1), List.of(DIFFERENT));

        assertThat(VerifyJson.of(List.of(found)).toString())
                .isEqualTo("{\"indexes\":[{\"index\":\"books\",\"position\":\"0/A\",\"seconds\":41.5,\"complete\":true,"
                        + "\"looked_for_extra\":true,\"compared\":200,\"differing\":1,\"missing\":0,\"different\":1,"
                        + "\"extra\":0,\"refused\":2,\"undecided\":3,\"repaired\":1,\"differences\":[{\"id\":\"17\","
                        + "\"kind\":\"different\",\"paths\":[\"title\",\"authors[2].name\"]}]}]}");
    }

    @Test
    void progressIsOneLine() {
        assertThat(VerifyLine.of(new VerifyProgress("books", Stage.DOCUMENTS, 5_000, 10_000, 2, Duration.ofSeconds(2))))
                .isEqualTo("books: documents 5,000 of about 10,000 (50%)  2,500/s  2 differ");
        assertThat(VerifyLine.of(new VerifyProgress("books", Stage.IDS, 5_000, 0, 0, Duration.ofSeconds(2))))
                .isEqualTo("books: ids 5,000  2,500/s  0 differ");
    }

    private static VerifiedIndex found(Counts counts, List<Difference> differences) {
        return new VerifiedIndex("books", new Lsn(10), 41.5, true, Optional.empty(), true, counts, differences);
    }
}
