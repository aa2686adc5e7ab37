package io.pgsync.cli.exit;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
    @Test
    void followsTheRemedyOfTheFailure() {
        assertThat(ExitCode.of(new SyncException(Remedy.RETRY, "away"))).isEqualTo(ExitCode.FAILURE);
        assertThat(ExitCode.of(new SyncException(Remedy.STOP, "wrong"))).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(ExitCode.of(new SyncException(Remedy.REPAIR, "gap"))).isEqualTo(ExitCode.GAP);
        assertThat(ExitCode.of(new StateConflictException("book"))).isEqualTo(ExitCode.TAKEN_OVER);
        assertThat(ExitCode.of(new IllegalStateException())).isEqualTo(ExitCode.FAILURE);
    }

    @Test
    void keepsItsNumbers() {
        assertThat(ExitCode.values()).extracting(ExitCode::code).containsExactly(0, 1, 2, 3, 4, 5);
    }
}
