package io.pgsync.runtime.follow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OutageTest {
    private Instant now = Instant.parse("2026-11-22T12:00:00Z");
    private final Outage outage = new Outage(() -> now);

    @Test
    void isToldAtOnceAndThenOnceInAWhile() {
        assertThat(outage.failed()).isTrue();
        assertThat(outage.failed()).isFalse();

        pass(Outage.REMINDER);

        assertThat(outage.failed()).isTrue();
        assertThat(outage.failed()).isFalse();
    }

    @Test
    void lastsFromItsFirstFailure() {
        outage.failed();
        pass(Duration.ofMinutes(2));
        outage.failed();
        pass(Duration.ofMinutes(1));

        assertThat(outage.lasts()).contains(Duration.ofMinutes(3));
    }

    @Test
    void theNextOneIsToldAtOnceAgain() {
        outage.failed();

        outage.over();

        assertThat(outage.lasts()).isEmpty();
        assertThat(outage.failed()).isTrue();
    }

    private void pass(Duration time) {
        now = now.plus(time);
    }
}
