package io.pgsync.elasticsearch.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.elasticsearch.BulkSettings;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdaptiveBatchTest {
    private static final int MEBIBYTE = 1024 * 1024;

    private final AdaptiveBatch batch = new AdaptiveBatch(new BulkSettings(1_000, MEBIBYTE));

    @Test
    void aBusyEngineGetsHalfAndACalmOneATenthMore() {
        batch.busy();
        assertThat(batch.bytes()).isEqualTo(MEBIBYTE / 2);

        IntStream.range(0, 10).forEach(i -> batch.calm());

        assertThat(batch.bytes()).isEqualTo((int) (MEBIBYTE / 2 * 1.1));
    }

    @Test
    void aSizeThatWasTooLargeIsNeverTriedAgain() {
        batch.tooLarge(500_000);

        IntStream.range(0, 1_000).forEach(i -> batch.calm());

        assertThat(batch.bytes()).isEqualTo(450_000);
    }

    @Test
    void theBatchStaysWithinItsBounds() {
        IntStream.range(0, 100).forEach(i -> batch.busy());
        assertThat(batch.bytes()).isEqualTo(64 * 1024);

        IntStream.range(0, 10_000).forEach(i -> batch.calm());

        assertThat(batch.bytes()).isEqualTo(MEBIBYTE);
    }

    @Test
    void oneMistakenRefusalLowersNothingBelowWhatWasTaken() {
        batch.passed(900_000);
        batch.tooLarge(500_000);
        assertThat(batch.bytes()).isEqualTo(900_000);

        batch.tooLarge(500_000);

        assertThat(batch.bytes()).isEqualTo(450_000);
    }

    @Test
    void noRefusalLowersTheLimitBelowTheSmallestSize() {
        batch.tooLarge(100);

        assertThat(batch.bytes()).isEqualTo(64 * 1024);
    }
}
