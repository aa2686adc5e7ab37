package io.pgsync.runtime.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AmountsTest {
    @Test
    void sizesHaveAtMostFourDigitsAndAUnit() {
        assertThat(Amounts.bytes(0)).isEqualTo("0 B");
        assertThat(Amounts.bytes(1023)).isEqualTo("1023 B");
        assertThat(Amounts.bytes(1024)).isEqualTo("1.0 kB");
        assertThat(Amounts.bytes(1023.6)).isEqualTo("1.0 kB");
        assertThat(Amounts.bytes(9.96 * 1024)).isEqualTo("10 kB");
        assertThat(Amounts.bytes(1.26 * (1 << 30))).isEqualTo("1.3 GB");
        assertThat(Amounts.bytes(-2_000_000)).isEqualTo("-1.9 MB");
        assertThat(Amounts.bytes(Math.pow(2, 53))).isEqualTo("8192 TB");
    }

    @Test
    void timesShowTheirTwoGreatestUnits() {
        assertThat(Amounts.time(Duration.ofMillis(300))).isEqualTo("0.3 s");
        assertThat(Amounts.time(Duration.ofSeconds(4))).isEqualTo("4 s");
        assertThat(Amounts.time(Duration.ofSeconds(61))).isEqualTo("1 min 01 s");
        assertThat(Amounts.time(Duration.ofMinutes(200))).isEqualTo("3 h 20 min");
        assertThat(Amounts.time(Duration.ofHours(50))).isEqualTo("2 d 2 h");
    }
}
