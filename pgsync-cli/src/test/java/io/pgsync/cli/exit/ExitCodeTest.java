package io.pgsync.cli.exit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.report.RetryOutcome;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
    @Test
    void followsTheRemedyOfTheFailure() {
        assertThat(ExitCode.of(new SyncException(Remedy.RETRY, "away"))).isEqualTo(ExitCode.FAILURE);
        assertThat(ExitCode.of(new SyncException(Remedy.STOP, "wrong"))).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(ExitCode.of(new SyncException(Remedy.REPAIR, "gap"))).isEqualTo(ExitCode.GAP);
        assertThat(ExitCode.of(new StateConflictException("book"))).isEqualTo(ExitCode.TAKEN_OVER);
        assertThat(ExitCode.of(new IllegalStateException())).isEqualTo(ExitCode.FAILURE);
    }

    /** Those that a load mends have their own code, whatever has to be corrected besides. */
    @ParameterizedTest
    @CsvSource({
        "'', OK",
        "SCHEMA_DRIFT, CONFIGURATION",
        "LOAD_REFUSED, CONFIGURATION",
        "MOSTLY_REFUSED, CONFIGURATION",
        "PUBLICATION_CHANGED, GAP",
        "PARTITIONS_CHANGED, GAP",
        "SCHEMA_DRIFT PARTITIONS_CHANGED, GAP",
        "DEFINITION_CHANGED LOAD_REFUSED, GAP",
        "GAP UNREADABLE, GAP"
    })
    void countsEveryWayInWhichIndexesAreWrong(String kinds, ExitCode code) {
        assertThat(ExitCode.of(Stream.of(kinds.split(" "))
                        .filter(kind -> !kind.isEmpty())
                        .map(Kind::valueOf)))
                .isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, true, OK",
        "2, 0, true, GAP",
        "2, 1, true, GAP",
        "2, 2, true, OK",
        "0, 0, false, FAILURE",
        "1, 0, false, GAP"
    })
    void whatDiffersStillIsAGap(long differing, long repaired, boolean complete, ExitCode code) {
        var counts = new Counts(9, 0, differing, 0, 1, 1, repaired);

        assertThat(ExitCode.of(
                        new VerifiedIndex("books", new Lsn(1), 1, complete, Optional.empty(), true, counts, List.of())))
                .isEqualTo(code);
    }

    @Test
    void aFailureThatEndsAComparisonHasItsCodeUnlessSomethingDiffers() {
        var failure = new SyncException(Remedy.STOP, "The slot is lost.");

        assertThat(ExitCode.of(compared(0).endedBy(failure))).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(ExitCode.of(compared(1).endedBy(failure))).isEqualTo(ExitCode.GAP);
    }

    private static VerifiedIndex compared(long differing) {
        var counts = new Counts(9, 0, differing, 0, 0, 0, 0);
        return new VerifiedIndex("books", new Lsn(1), 1, true, Optional.empty(), true, counts, List.of());
    }

    @Test
    void aRetryIsDoneWhenNothingOfItIsRefused() {
        var stored = new RetryOutcome("a", 2, List.of(), false);
        var refused = new RetryOutcome("b", 2, List.of("7"), false);
        var stopped = new RetryOutcome("c", 2, List.of("7"), true);

        assertThat(ExitCode.ofRetries(List.of())).isEqualTo(ExitCode.OK);
        assertThat(ExitCode.ofRetries(List.of(stored))).isEqualTo(ExitCode.OK);
        assertThat(ExitCode.ofRetries(List.of(stored, refused))).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(ExitCode.ofRetries(List.of(refused, stopped))).isEqualTo(ExitCode.FAILURE);
    }

    @Test
    void keepsItsNumbers() {
        assertThat(ExitCode.values()).extracting(ExitCode::code).containsExactly(0, 1, 2, 3, 4, 5);
    }
}
