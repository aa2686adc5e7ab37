package io.pgsync.runtime.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.DocumentStatus;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import io.pgsync.runtime.status.StatusReader.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocumentDiagnosisTest {
    private static final Subject SUBJECT =
            new Subject("shop", "slot", List.of("book"), Map.of(), new RepairCommand("schema.json", false));

    @Test
    void aStateThatWasAheadOfTheLogIsAGap() {
        DocumentStatus status = diagnosis(look(100, Lsn.parse("FFFFFFFF/A50DB7D8")), look(110, new Lsn(90)));

        assertThat(status.divergence()).contains(Kind.GAP);
        assertThat(status.reason())
                .contains("up to FFFFFFFF/A50DB7D8 are stored, but the log of the source ends at 0/6E", "backfill");
    }

    @Test
    void aStateThatMovedSinceTheLookAtTheLogIsNone() {
        assertThat(diagnosis(look(100, new Lsn(95)), look(110, new Lsn(115))).stage())
                .isEqualTo(Stage.LIVE);
    }

    private static DocumentStatus diagnosis(StatusLook earlier, StatusLook later) {
        return new DocumentDiagnosis(SUBJECT, earlier, later).of("book");
    }

    @Test
    void anIndexOfWhichAShardIsAnotherIsNotTheOneThatWasLoaded() {
        StatusLook look = look(100, new Lsn(95));
        SyncState state = look.states().get("book").withHistories(Map.of("0", "h0"));
        var now = new StatusLook(
                look.retention(),
                Map.of("book", state),
                look.uuids(),
                Map.of("book", Map.of("0", "other")),
                Map.of(),
                Optional.empty());

        DocumentStatus status = diagnosis(now, now);

        assertThat(status.divergence()).contains(Kind.INDEX_REPLACED);
        assertThat(status.reason()).contains("shard 0 was allocated again", "backfill");
    }

    /** The state still has the position of a server in whose place another one is now. */
    @Test
    void onAServerThatWasPromotedThePositionMayBeThatOfAnotherLog() {
        StatusLook earlier = look(100, new Lsn(1_000), true);

        assertThat(diagnosis(earlier, look(110, new Lsn(90), true)).divergence())
                .isEmpty();
    }

    private static StatusLook look(long current, Lsn stored) {
        return look(current, stored, false);
    }

    private static StatusLook look(long current, Lsn stored, boolean isSynced) {
        var slot = new SlotStatus(
                "slot",
                "pgoutput",
                "shop",
                Optional.of(7),
                Optional.of(new Lsn(50)),
                Optional.of(new Lsn(80)),
                "reserved",
                Optional.empty(),
                false,
                isSynced,
                isSynced);
        var state = new SyncState(
                "book",
                "uuid",
                new SourceIdentity("42", 1, "shop", "slot"),
                1,
                "f",
                BackfillProgress.DONE,
                stored,
                List.of());
        var retention = new Retention(
                Instant.EPOCH.plusSeconds(current),
                new Lsn(current),
                Optional.of(slot),
                Optional.empty(),
                Optional.empty());
        return new StatusLook(
                retention, Map.of("book", state), Map.of("book", "uuid"), Map.of(), Map.of(), Optional.empty());
    }
}
