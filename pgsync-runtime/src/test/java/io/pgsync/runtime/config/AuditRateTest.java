package io.pgsync.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class AuditRateTest {
    @Test
    void nothingIsOff() {
        assertThat(AuditRate.OFF.isOff()).isTrue();
        assertThat(new AuditRate(0.01).isOff()).isFalse();
    }

    @Test
    void aShareIsANumberFromZeroOn() {
        for (double share : new double[] {-0.01, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new AuditRate(share));
        }
    }
}
