package io.pgsync.replication.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.failure.Finding.Severity;
import org.junit.jupiter.api.Test;

class OldTransactionTest {
    @Test
    void anOldTransactionIsAWarningWithTheStatementThatEndsIt() {
        assertThat(new OldTransaction("process 7", 12, "SELECT pg_terminate_backend(7);").finding())
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.WARNING))
                .satisfies(finding -> assertThat(finding.remedy()).isEqualTo("SELECT pg_terminate_backend(7);"));
    }
}
