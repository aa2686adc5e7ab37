package io.pgsync.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.report.RunFigures.IndexFigures;
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

    @Test
    void theGravestDivergenceOfAllIndexesCounts() {
        RunFigures figures =
                figures(Map.of("books", index(false, Kind.LOAD_REFUSED), "authors", index(true, Kind.SCHEMA_DRIFT)));

        assertThat(figures.divergence()).contains(Kind.SCHEMA_DRIFT);
        assertThat(figures(Map.of()).divergence()).isEmpty();
    }

    @Test
    void theLoadOfAnIndexThatIsSetAsideIsNotWaitedFor() {
        assertThat(figures(Map.of("books", index(false, Kind.SCHEMA_DRIFT))).isLoaded())
                .isTrue();
        assertThat(figures(Map.of("books", index(false, Kind.LOAD_REFUSED))).isLoaded())
                .isFalse();
        assertThat(figures(Map.of("books", index(true, Kind.LOAD_REFUSED))).isLoaded())
                .isTrue();
    }

    private static IndexFigures index(boolean isLoaded, Kind divergence) {
        return new IndexFigures(0, 0, 0, 0, 0, isLoaded, Optional.of(divergence));
    }

    private static RunFigures figures(Map<String, IndexFigures> indexes) {
        return new RunFigures(
                "shop",
                true,
                0,
                0,
                END,
                Duration.ZERO,
                0,
                0,
                DocumentReads.NONE,
                indexes,
                Optional.empty(),
                Optional.empty());
    }

    private static RunFigures figures(Lsn stored) {
        return new RunFigures(
                "shop",
                false,
                0,
                0,
                stored,
                Duration.ZERO,
                0,
                0,
                DocumentReads.NONE,
                Map.of(),
                Optional.of(wal()),
                Optional.empty());
    }

    private static WalStatus wal() {
        var start = Optional.of(new Lsn(END.value() - KEPT));
        var slot = new SlotStatus(
                "pgsync", "pgoutput", "shop", Optional.empty(), start, start, "reserved", Optional.empty(), false);
        return new WalStatus(
                new Retention(Instant.EPOCH, END, Optional.of(slot), Optional.empty(), Optional.empty()),
                new WalBudget(KEPT),
                Optional.empty(),
                new Cause(Cause.Kind.NOT_RUNNING, "no pgsync process reads the slot"));
    }
}
