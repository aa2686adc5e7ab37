package io.pgsync.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.exit.ExitCode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.handover.Backlog;
import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Cause.Kind;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.report.AuditStatus;
import io.pgsync.runtime.report.AuditStatus.Round;
import io.pgsync.runtime.report.DatabaseStatus;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.report.DocumentStatus.Load;
import io.pgsync.runtime.report.DocumentStatus.Position;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import io.pgsync.runtime.report.LogStatus;
import io.pgsync.runtime.report.WalStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final long GIGABYTE = 1L << 30;

    private static final Instant NOON = Instant.parse("2026-12-24T12:00:00Z");

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
    void tellWhatTheAuditFound() {
        var round = new Round(NOON, NOON.plusSeconds(60), 12_000, 2, 1, 3);
        var before = new Round(NOON.minusSeconds(9_000), NOON, 200_000, 0, 0, 0);
        var audit = new AuditStatus(285_000, Lsn.parse("16/B374D848"), round, Optional.of(before));
        var document = new DocumentStatus(
                "book",
                Stage.LIVE,
                Optional.empty(),
                "",
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of("\"public.item\" got partitions"),
                Optional.of(audit));
        var status = new DatabaseStatus("shop", "pgsync_shop", wal(1), List.of(document));

        assertThat(String.join("\n", StatusText.of(status)).replaceAll("\\s+", " "))
                .endsWith("loaded by itself: \"public.item\" got partitions"
                        + " audited 12,000 of about 285,000 as of 16/B374D848: 2 differed, 1 repaired, 3 undecided"
                        + " round before: 200,000 until 2026-12-24T12:00:00Z: 0 differed, 0 repaired");
        assertThat(StatusJson.of(status).at("/documents/0/audit").toString())
                .isEqualTo("{\"position\":\"16/B374D848\",\"expected_documents\":285000,"
                        + "\"round\":{\"began\":\"2026-12-24T12:00:00Z\",\"at\":\"2026-12-24T12:01:00Z\","
                        + "\"compared\":12000,\"differing\":2,\"repaired\":1,\"undecided\":3},"
                        + "\"last_round\":{\"began\":\"2026-12-24T09:30:00Z\",\"at\":\"2026-12-24T12:00:00Z\","
                        + "\"compared\":200000,\"differing\":0,\"repaired\":0,\"undecided\":0}}");
        assertThat(ExitCode.of(status)).isEqualTo(ExitCode.OK);
    }

    @Test
    void tellWhatWaitsInTheLogOfWork() {
        var since = Instant.now().minus(Duration.ofDays(2)).minusSeconds(60);
        var waiting = new Backlog(1_234_567, 3, 1, Optional.of(since));

        assertThat(text(LogStatus.of(waiting)))
                .contains("log of work 1,234,567 roots wait, 3 of large changes, 1 searches, the oldest for 2 d 0 h");
        assertThat(text(LogStatus.of(Backlog.NOTHING))).contains("log of work everything in it is stored");
        assertThat(text(LogStatus.away("Kafka is away"))).contains("log of work Kafka is away");
        assertThat(StatusJson.of(with(LogStatus.of(waiting))).get("log"))
                .satisfies(
                        json -> assertThat(json.toString())
                                .startsWith(
                                        "{\"waiting_few\":1234567,\"waiting_many\":3,\"waiting_searches\":1,\"oldest_seconds\":"));
        assertThat(StatusJson.of(with(LogStatus.away("Kafka is away")))
                        .get("log")
                        .toString())
                .isEqualTo("{\"failure\":\"Kafka is away\"}");
    }

    private static String text(LogStatus log) {
        return String.join("\n", StatusText.of(with(log))).replaceAll("\\s+", " ");
    }

    private static DatabaseStatus with(LogStatus log) {
        return new DatabaseStatus("shop", "pgsync_shop", wal(1), Optional.of(log), List.of(), List.of());
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
                index,
                Stage.DIVERGED,
                Optional.of(kind),
                reason,
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty());
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
