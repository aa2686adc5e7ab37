package io.pgsync.runtime.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import io.pgsync.runtime.config.AuditRate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditRhythmTest {
    private static final AuditRate PERCENT = new AuditRate(0.01);

    /** What is due in about a minute; of a large index less, of a small one the next document. */
    @ParameterizedTest
    @CsvSource({"1_000_000, 167, 60", "100_000_000, 1_000, 3.6", "100_000, 17, 61.2", "1_000, 1, 360"})
    void aPartOfTheIndexInAnHour(String roots, String documents, double seconds) {
        AuditRhythm rhythm = AuditRhythm.of(PERCENT, Long.parseLong(roots.replace("_", "")));

        assertThat(rhythm.documents()).isEqualTo(Integer.parseInt(documents.replace("_", "")));
        assertThat(rhythm.pause().toMillis() / 1e3).isCloseTo(seconds, offset(0.5));
    }

    @Test
    void anIndexThatMayGrowIsLookedAtEveryHour() {
        assertThat(AuditRhythm.of(PERCENT, 0)).isEqualTo(new AuditRhythm(1, Duration.ofHours(1)));
    }

    @Test
    void noRateIsABurst() {
        assertThat(AuditRhythm.of(new AuditRate(1e9), 1_000_000))
                .isEqualTo(new AuditRhythm(AuditRhythm.MOST_DOCUMENTS, Duration.ofSeconds(1)));
    }
}
