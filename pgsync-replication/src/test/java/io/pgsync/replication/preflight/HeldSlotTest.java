package io.pgsync.replication.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Finding.Severity;
import org.junit.jupiter.api.Test;

class HeldSlotTest {
    @Test
    void aSlotThatNobodyReadsIsShownWithWhatItHolds() {
        long megabyte = 1 << 20;

        assertThat(new HeldSlot("old", false, "reserved", 300 * megabyte).finding("ours"))
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING))
                .satisfies(finding -> assertThat(finding.message()).contains("300.0 MB"))
                .satisfies(finding -> assertThat(finding.remedy()).contains("pg_drop_replication_slot('old')"));
        assertThat(new HeldSlot("ours", true, "extended", 300 * megabyte)
                        .finding("ours")
                        .isFine())
                .isTrue();
        assertThat(new HeldSlot("ours", false, "lost", 0).finding("ours").severity())
                .isEqualTo(Severity.PROBLEM);
    }
}
