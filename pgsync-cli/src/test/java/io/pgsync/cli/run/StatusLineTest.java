package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.cli.status.RepairCommand;
import io.pgsync.cli.status.RunFigures;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.pipeline.PipelineProgress;
import io.pgsync.core.sink.WriteOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StatusLineTest {
    private final RunReport report =
            new RunReport("shop", Map.of("book", 10L), new RepairCommand("schema.json", false));

    @Test
    void tellsPositionLagRateAndQueue() {
        report.started(1, new Lsn(255));
        report.received(1_500);
        report.written("book", new WriteOutcome(1_200, 3, List.of()));
        report.stored(new Lsn(256));
        report.progressed(new PipelineProgress(Optional.of(Instant.now().minusSeconds(75)), 17, 2));

        RunFigures figures = report.figures();

        assertThat(new StatusLine(true).of(figures))
                .startsWith("Sync shop: changes [1,500] => documents [1,200] at 0/100, behind 0 B and 1 min 15 s, ")
                .endsWith("17 waiting");
        assertThat(new StatusLine(false).of(figures)).contains("[1500]");
    }

    @Test
    void nothingUnderWayIsNoDelay() {
        report.progressed(new PipelineProgress(Optional.of(Instant.EPOCH), 0, 0));

        assertThat(report.figures().behind()).isEqualTo(Duration.ZERO);
    }

    @Test
    void aRateIsThatOfTheLastSeconds() {
        var nanos = new AtomicLong();
        var rate = new RecentRate(nanos::get);

        assertThat(rate.of(0)).isZero();
        nanos.set(1_000_000_000L);
        assertThat(rate.of(100)).isEqualTo(100);
        nanos.set(10_000_000_000L);
        assertThat(rate.of(500)).isEqualTo(50);
        nanos.set(15_000_000_000L);
        assertThat(rate.of(500)).isZero();
    }
}
