package io.pgsync.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DurationsTest {
    private static final long MILLISECOND = 1_000_000;

    @Test
    void percentilesAreMeasuredValues() {
        var hundred = Durations.of(LongStream.rangeClosed(1, 100)
                .map(n -> (101 - n) * MILLISECOND)
                .boxed()
                .toList());

        assertThat(hundred.percentile(0.5)).isEqualTo(50);
        assertThat(hundred.percentile(0.99)).isEqualTo(99);
        assertThat(hundred.max()).isEqualTo(100);
    }

    @Test
    void oneTimeIsEveryPercentile() {
        var one = Durations.of(List.of(7 * MILLISECOND));

        assertThat(one.percentile(0.01)).isEqualTo(7);
        assertThat(one.percentile(0.99)).isEqualTo(7);
    }
}
