package io.pgsync.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.runtime.report.DocumentStatus.Load;
import io.pgsync.runtime.report.DocumentStatus.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocumentStatusTest {
    private final DocumentStatus live =
            new DocumentStatus("authors", Stage.LIVE, "", Optional.empty(), Optional.empty(), 0);
    private final DocumentStatus diverged = new DocumentStatus(
            "books",
            Stage.DIVERGED,
            Optional.of(Kind.GAP),
            "the slot is gone",
            Optional.empty(),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty());

    @Test
    void aDivergenceIsCalledByItsKind() {
        assertThat(diverged.words()).isEqualTo("gap");
        assertThat(live.words()).isEqualTo("live");
    }

    @Test
    void whatDivergedIsAProblemOfItsDatabaseAndNothingElseIs() {
        DatabaseStatus database = database(live, diverged);

        assertThat(database.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.PROBLEM);
            assertThat(finding.subject()).isEqualTo("index books");
            assertThat(finding.message()).isEqualTo("gap, the slot is gone");
        });
        assertThat(database.has(Stage.LIVE)).isTrue();
        assertThat(database.has(Stage.LOADING)).isFalse();
    }

    @Test
    void aLoadThatGoesOnIsNeverAtItsEnd() {
        assertThat(new Load(50, 200, 1).percent()).isEqualTo(25);
        assertThat(new Load(900, 200, 1).percent()).isEqualTo(99);
        assertThat(new Load(900, 0, 1).percent()).isZero();
    }

    @Test
    void theTimeLeftIsKnownWhereSomethingMovesTowardsAnEnd() {
        assertThat(new Load(50, 200, 10).timeLeft()).contains(Duration.ofSeconds(15));
        assertThat(new Load(300, 200, 10).timeLeft()).contains(Duration.ZERO);
        assertThat(new Load(50, 0, 10).timeLeft()).isEmpty();
        assertThat(new Load(50, 200, 0.9).timeLeft()).isEmpty();
    }

    @Test
    void aSlotThatIsNotThereKeepsNothingAndSaysSo() {
        WalStatus wal = database().wal();

        assertThat(wal.walStatus()).isEqualTo("missing");
        assertThat(wal.retained()).isZero();
        assertThat(wal.timeLeft()).isEmpty();
    }

    private static DatabaseStatus database(DocumentStatus... documents) {
        var look = new Retention(Instant.EPOCH, Lsn.ZERO, Optional.empty(), Optional.empty(), Optional.empty());
        var wal = new WalStatus(
                look, new WalBudget(10), Optional.empty(), new Cause(Cause.Kind.LOST, "there is no such slot"));
        return new DatabaseStatus("shop", "pgsync", wal, List.of(documents));
    }
}
