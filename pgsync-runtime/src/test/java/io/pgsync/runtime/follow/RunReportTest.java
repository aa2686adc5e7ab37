package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.pipeline.PipelineProgress;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.runtime.config.RepairCommand;
import io.pgsync.runtime.report.RunFigures;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

    @Test
    void aDatabaseWithoutLogIsCaughtUpWithEverything() {
        report.acknowledged(new Lsn(100));

        assertThat(report.hasReached(new Lsn(100))).isTrue();
        assertThat(report.hasReached(new Lsn(101))).isFalse();
        report.withoutLog(new SyncException(Remedy.STOP, "no document is left"));
        assertThat(report.hasReached(new Lsn(101))).isTrue();
        report.retrying(new SyncException(Remedy.RETRY, "away"));
        assertThat(report.hasReached(new Lsn(101))).isFalse();
    }

    @Test
    void aFaultIsCountedAndWhatWasUnderWayIsNot() {
        report.started(1, new Lsn(10));
        report.progressed(new PipelineProgress(Optional.of(Instant.EPOCH), 17, 2));

        report.retrying(new SyncException(Remedy.RETRY, "away"));

        assertThat(report.figures().following()).isFalse();
        assertThat(report.figures().retries()).isEqualTo(1);
        assertThat(report.figures().waitingRoots()).isZero();
    }

    @Test
    void whoWaitsIsToldOfEveryPositionAndTheStoredOneNeverGoesBack() {
        var told = new ArrayList<Lsn>();
        report.connect(Optional::empty, told::add, told::add);

        report.stored(new Lsn(20));
        report.started(2, new Lsn(15));

        assertThat(told).containsExactly(new Lsn(20), new Lsn(15));
        assertThat(report.figures().stored()).isEqualTo(new Lsn(20));
    }

    @Test
    void positionsOfAnotherLogBeginAnew() {
        var anew = new ArrayList<Lsn>();
        report.connect(Optional::empty, position -> {}, anew::add);
        report.stored(new Lsn(20));

        report.handedOn(new SourceIdentity("42", 2, "shop", "pgsync"), new Lsn(15));

        assertThat(anew).containsExactly(new Lsn(15));
        assertThat(report.figures().stored()).isEqualTo(new Lsn(15));
    }

    @Test
    void everyIndexHasToBeLoadedAndTheLoadOfOneIsShown() {
        report.resumes("book", BackfillProgress.start(false));

        assertThat(report.isLoaded()).isFalse();
        assertThat(report.load())
                .hasValueSatisfying(load -> assertThat(load.index()).isEqualTo("book"));
        report.loaded("book", BackfillProgress.DONE);
        assertThat(report.isLoaded()).isTrue();
        assertThat(report.load()).isEmpty();
    }

    @Test
    void aDivergenceStaysUntilTheLoadThatMendsIt() {
        report.diverged("book", Optional.of(Diverged.at(new Lsn(1), Kind.UNREADABLE, "no right")));
        assertThat(report.divergences()).containsExactly(Kind.UNREADABLE);

        report.diverged("book", Optional.empty());
        assertThat(report.divergences()).isEmpty();
    }
}
