package io.pgsync.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LoadProgressTest {
    @Test
    void aLoadThatGoesOnIsNeverAtItsEnd() {
        assertThat(after(Duration.ZERO, 50, 0, 200).percent()).isEqualTo(25);
        assertThat(after(Duration.ZERO, 500, 0, 200).percent()).isEqualTo(99);
        assertThat(after(Duration.ZERO, 500, 0, 0).percent()).isZero();
    }

    @Test
    void theRateIsThatOfThisProcess() {
        assertThat(after(Duration.ofMillis(500), 900, 50, 0).perSecond()).isEqualTo(100);
        assertThat(after(Duration.ZERO, 900, 50, 0).perSecond()).isZero();
    }

    private static LoadProgress after(Duration time, long stored, long storedHere, long expected) {
        return new LoadProgress("books", stored, storedHere, expected, time);
    }
}
