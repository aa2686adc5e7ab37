package io.pgsync.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence;
import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Cause.Kind;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.report.DocumentStatus.Load;
import io.pgsync.runtime.report.DocumentStatus.Position;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import io.pgsync.runtime.report.WalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final long GIGABYTE = 1L << 30;

    @Test
    void everyLineFitsEightyColumns() {
        var status = new DatabaseStatus(
                "a_database_with_quite_a_long_name",
                "pgsync_a_database_with_quite_a_long_name",
                wal(9 * GIGABYTE),
                List.of(
                        live("book"),
                        loading("an_index_with_a_name_that_is_very_long"),
                        diverged(
                                "review",
                                Divergence.Kind.GAP,
                                "the slot is gone, and with it the changes after FFFF/FFFFFFFF; repair it"
                                        + " with: pgsync backfill -c schema.json --document review")));

        List<String> lines = StatusText.of(status);

        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(lines)
                .contains("  WAL kept         9.0 GB of 10 GB (90%), +1.0 MB/s, full in 17 min 04 s")
                .contains("                   because no pgsync process reads the slot")
                .contains("  book             live")
                .anyMatch(line -> line.startsWith("  review           gap"))
                .contains("                   at 16/B374D848, behind 12 kB and 0.3 s")
                .anyMatch(line -> line.contains("loading 42%, 120,000 of about 285,000"));
    }

    @Test
    void sayNothingOfACauseWhereThereIsNothingToExplain() {
        var status = new DatabaseStatus("shop", "pgsync_shop", wal(1), List.of(live("book")));

        assertThat(String.join("\n", StatusText.of(status))).doesNotContain("because");
    }

    @Test
    void theWorstDecidesTheExitCode() {
        assertThat(code(1, live("book"), loading("author"))).isEqualTo(ExitCode.OK);
        assertThat(code(9 * GIGABYTE, live("book"))).isEqualTo(ExitCode.FAILURE);
        assertThat(code(1, live("book"), broken("author", Stage.STOPPED, ""))).isEqualTo(ExitCode.FAILURE);
        assertThat(code(1, broken("a", Stage.NOT_PREPARED, ""), broken("b", Stage.STOPPED, "")))
                .isEqualTo(ExitCode.CONFIGURATION);
        assertThat(code(1, broken("a", Stage.NOT_PREPARED, ""), diverged("b", Divergence.Kind.GAP, "")))
                .isEqualTo(ExitCode.GAP);
    }

    private static ExitCode code(long retained, DocumentStatus... documents) {
        return ExitCode.of(new DatabaseStatus("shop", "pgsync_shop", wal(retained), List.of(documents)));
    }

    private static DocumentStatus live(String index) {
        var position = new Position(Lsn.parse("16/B374D848"), 12 << 10, Optional.of(Duration.ofMillis(300)));
        return new DocumentStatus(index, Stage.LIVE, "", Optional.of(position), Optional.empty(), 3);
    }

    private static DocumentStatus loading(String index) {
        return new DocumentStatus(
                index, Stage.LOADING, "", Optional.empty(), Optional.of(new Load(120_000, 285_000, 1_300)), 0);
    }

    private static DocumentStatus broken(String index, Stage stage, String reason) {
        return new DocumentStatus(index, stage, reason, Optional.empty(), Optional.empty(), 0);
    }

    private static DocumentStatus diverged(String index, Divergence.Kind kind, String reason) {
        return new DocumentStatus(
                index, Stage.DIVERGED, Optional.of(kind), reason, Optional.empty(), Optional.empty(), 0);
    }

    private static WalStatus wal(long retained) {
        var end = new Lsn(100 * GIGABYTE);
        var start = Optional.of(new Lsn(end.value() - retained));
        var slot = new SlotStatus(
                "pgsync", "pgoutput", "shop", Optional.empty(), start, start, "extended", Optional.of(GIGABYTE), false);
        return new WalStatus(
                new Retention(Instant.EPOCH, end, Optional.of(slot), Optional.empty(), Optional.empty()),
                new WalBudget(10 * GIGABYTE),
                Optional.of((double) (1 << 20)),
                new Cause(Kind.NOT_RUNNING, "no pgsync process reads the slot"));
    }
}
