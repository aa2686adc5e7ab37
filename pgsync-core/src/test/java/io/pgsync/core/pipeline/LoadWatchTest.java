package io.pgsync.core.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

class LoadWatchTest {
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final LoadWatch watch = new LoadWatch(time);

    @Test
    void measuresWhatThisProcessHasLoaded() {
        watch.begin("books", 1_000);
        time.advanceTimeBy(Duration.ofSeconds(4));

        assertThat(watch.perSecond("books", 9_000)).isEqualTo(2_000);
    }

    @Test
    void knowsNothingOfAMomentOrOfAnotherIndex() {
        watch.begin("books", 0);
        time.advanceTimeBy(Duration.ofMillis(999));

        assertThat(watch.perSecond("books", 500)).isZero();
        assertThat(watch.perSecond("others", 500)).isZero();
    }
}
