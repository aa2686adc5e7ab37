package io.pgsync.kafka.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PollPatienceTest {
    private final PollPatience patience = new PollPatience();

    @Test
    void whileNothingIsUnderWayOnlyRecordsAreWaitedFor() {
        assertThat(patience.next(false)).isEqualTo(PollPatience.LONGEST);
        assertThat(patience.next(false)).isEqualTo(PollPatience.LONGEST);
    }

    @Test
    void whatIsUnderWayIsLookedAtAgainSoonAndThenLessOften() {
        assertThat(busy()).isEqualTo(PollPatience.SHORTEST);
        assertThat(busy()).isEqualTo(PollPatience.SHORTEST.multipliedBy(2));
        for (int poll = 0; poll < 10; poll++) {
            busy();
        }
        assertThat(busy()).isEqualTo(PollPatience.LONGEST);

        patience.moved();

        assertThat(busy()).isEqualTo(PollPatience.SHORTEST);
    }

    private Duration busy() {
        return patience.next(true);
    }
}
