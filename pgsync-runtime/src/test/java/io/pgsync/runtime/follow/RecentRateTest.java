package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentRateTest {
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
