package io.pgsync.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.runtime.report.LoadProgress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadLineTest {
    @Test
    void showsShareRateAndTimeLeftInEightyColumns() {
        var progress = new LoadProgress("bookshop", 104_000, 104_000, 200_000, Duration.ofSeconds(5));

        assertThat(LoadLine.of(progress))
                .isEqualTo("bookshop         [========        ]  52%  104,000 of 200,000  20,800/s  4 s left")
                .hasSizeLessThanOrEqualTo(80);
    }

    @Test
    void countsTheRateFromWhatThisProcessStored() {
        var resumed = new LoadProgress("bookshop", 150_000, 50_000, 200_000, Duration.ofSeconds(100));

        assertThat(LoadLine.of(resumed)).contains("500/s").contains("1 min 40 s left");
    }

    @Test
    void neverClaimsToBeDoneWhileItRuns() {
        var beyond = new LoadProgress("bookshop", 210_000, 210_000, 200_000, Duration.ofSeconds(10));

        assertThat(LoadLine.of(beyond))
                .contains(" 99%")
                .contains("210,000 of 210,000")
                .contains("0 s left");
    }

    @Test
    void doesWithoutAnExpectation() {
        var progress = new LoadProgress("bookshop", 1_500, 1_500, 0, Duration.ofSeconds(1));

        assertThat(LoadLine.of(progress)).isEqualTo("bookshop          1,500 documents  1,500/s");
    }
}
