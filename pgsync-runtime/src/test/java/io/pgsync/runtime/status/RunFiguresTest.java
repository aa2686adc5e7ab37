package io.pgsync.runtime.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Cause.Kind;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.replication.slot.SlotStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunFiguresTest {
    private static final long KEPT = 1_000;
    private static final Lsn END = new Lsn(100_000);

    @Test
    void theLagIsCountedFromWhatIsStored() {
        assertThat(figures(new Lsn(END.value() - 10)).behindBytes()).isEqualTo(10);
    }

    @Test
    void beforeTheStreamWasEverOpenItIsThatOfTheSlot() {
        assertThat(figures(Lsn.ZERO).behindBytes()).isEqualTo(KEPT);
    }

    private static RunFigures figures(Lsn stored) {
        return new RunFigures("shop", false, 0, 0, stored, Duration.ZERO, 0, 0, Map.of(), Optional.of(wal()));
    }

    private static WalStatus wal() {
        var start = Optional.of(new Lsn(END.value() - KEPT));
        var slot = new SlotStatus(
                "pgsync", "pgoutput", "shop", Optional.empty(), start, start, "reserved", Optional.empty(), false);
        return new WalStatus(
                new Retention(Instant.EPOCH, END, Optional.of(slot), Optional.empty(), Optional.empty()),
                new WalBudget(KEPT),
                Optional.empty(),
                new Cause(Kind.NOT_RUNNING, "no pgsync process reads the slot"));
    }
}
