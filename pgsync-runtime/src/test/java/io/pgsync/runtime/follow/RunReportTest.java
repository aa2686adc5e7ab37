package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.pipeline.PipelineProgress;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.status.RunFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunReportTest {
    private final RunReport report =
            new RunReport("shop", Map.of("book", 10L), new RepairCommand("schema.json", false));

    @Test
    void countsWhatThePipelineTells() {
        report.started(1, new Lsn(255));
        report.received(1_500);
        report.written("book", new WriteOutcome(1_200, 3, List.of()));
        report.stored(new Lsn(256));
        report.progressed(new PipelineProgress(Optional.of(Instant.now().minusSeconds(75)), 17, 2));

        RunFigures figures = report.figures();

        assertThat(figures.following()).isTrue();
        assertThat(figures.changes()).isEqualTo(1_500);
        assertThat(figures.documents()).isEqualTo(1_200);
        assertThat(figures.stored()).isEqualTo(new Lsn(256));
        assertThat(figures.behind()).isBetween(Duration.ofSeconds(75), Duration.ofSeconds(90));
        assertThat(figures.waitingRoots()).isEqualTo(17);
    }

    @Test
    void nothingUnderWayIsNoDelay() {
        report.progressed(new PipelineProgress(Optional.of(Instant.EPOCH), 0, 0));

        assertThat(report.figures().behind()).isEqualTo(Duration.ZERO);
    }
}
