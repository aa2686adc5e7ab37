package io.pgsync.replication.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.replication.retention.Cause.Kind;
import io.pgsync.replication.retention.Cause.Takers;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CauseTest {
    private static final Takers WELL = Takers.WELL;
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void aLogOfWorkStandsBetweenTheSlotAndTheEngine() {
        assertThat(Cause.of(Looks.keeping(100, 0), Takers.log(true))).isEqualTo(Cause.LOG_AWAY);
        assertThat(Cause.of(Looks.keeping(100, 0), Takers.log(false)).kind()).isEqualTo(Kind.BEHIND);
    }

    @Test
    void nobodyReads() {
        assertThat(Cause.of(Looks.unread(100), WELL).kind()).isEqualTo(Kind.NOT_RUNNING);
    }

    @Test
    void anEngineThatIsAwayComesBeforeEverythingElse() {
        assertThat(Cause.of(Looks.behindATransaction(100, 10, HOUR), Takers.engine(true, true))
                        .kind())
                .isEqualTo(Kind.ENGINE_AWAY);
    }

    @Test
    void anOldTransactionIsNamedWhenTheStreamItselfIsNotBehind() {
        Cause cause = Cause.of(Looks.behindATransaction(100, 10, HOUR), WELL);

        assertThat(cause.kind()).isEqualTo(Kind.OLD_TRANSACTION);
        assertThat(cause.text()).contains("session 17").contains("3600 s");
        assertThat(Cause.of(Looks.behindATransaction(100, 90, HOUR), WELL).kind())
                .isEqualTo(Kind.BEHIND);
        assertThat(Cause.of(Looks.behindATransaction(100, 10, Duration.ofSeconds(5)), WELL)
                        .kind())
                .isEqualTo(Kind.BEHIND);
    }

    @Test
    void aLoadAndALostSlot() {
        assertThat(Cause.of(Looks.keeping(100, 0), Takers.engine(false, true)).kind())
                .isEqualTo(Kind.FIRST_LOAD);
        assertThat(Cause.of(Looks.withoutSlot(), WELL).kind()).isEqualTo(Kind.LOST);
    }
}
