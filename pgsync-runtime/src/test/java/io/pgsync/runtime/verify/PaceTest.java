package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class PaceTest {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();

    @AfterEach
    void close() {
        timer.dispose();
    }

    @Test
    void withoutARateNothingWaits() {
        var pace = new Pace(OptionalInt.empty(), timer);

        assertThat(pace.before(1_000_000).toFuture()).isDone();
        assertThat(pace.before(1_000_000).toFuture()).isDone();
        assertThat(pace.step()).isEqualTo(1_000);
    }

    @Test
    void theNextStepWaitsUntilTheOneBeforeIsPaidFor() {
        var pace = new Pace(OptionalInt.of(100), timer);
        assertThat(pace.before(50).toFuture()).isDone();

        CompletableFuture<Void> second = pace.before(100).toFuture();
        CompletableFuture<Void> third = pace.before(1).toFuture();

        timer.advanceTimeBy(Duration.ofMillis(499));
        assertThat(second).isNotDone();
        timer.advanceTimeBy(Duration.ofMillis(1));
        assertThat(second).isDone();
        timer.advanceTimeBy(Duration.ofMillis(999));
        assertThat(third).isNotDone();
        timer.advanceTimeBy(Duration.ofMillis(1));
        assertThat(third).isDone();
        assertThat(pace.step()).isEqualTo(100);
    }

    /** A pause, to confirm something, is not made up for by a burst. */
    @Test
    void timeThatPassedIsNotSaved() {
        var pace = new Pace(OptionalInt.of(100), timer);
        pace.before(100).toFuture();
        timer.advanceTimeBy(Duration.ofMinutes(1));

        assertThat(pace.before(100).toFuture()).isDone();
        assertThat(pace.before(100).toFuture()).isNotDone();
    }
}
