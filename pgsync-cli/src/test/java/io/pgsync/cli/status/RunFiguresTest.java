package io.pgsync.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunFiguresTest {
    private static final long KEPT = 1_000;

    @Test
    void theLagIsCountedFromWhatIsStored() {
        Lsn end = StatusTextTest.wal(KEPT).look().current();

        assertThat(figures(new Lsn(end.value() - 10)).behindBytes()).isEqualTo(10);
    }

    @Test
    void beforeTheStreamWasEverOpenItIsThatOfTheSlot() {
        assertThat(figures(Lsn.ZERO).behindBytes()).isEqualTo(KEPT);
    }

    private static RunFigures figures(Lsn stored) {
        var wal = Optional.of(StatusTextTest.wal(KEPT));
        return new RunFigures("shop", false, 0, 0, stored, Duration.ZERO, 0, 0, Map.of(), wal);
    }
}
