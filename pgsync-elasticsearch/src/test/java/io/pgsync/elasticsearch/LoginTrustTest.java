package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoginTrustTest {
    private final AtomicLong time = new AtomicLong(Long.MAX_VALUE);
    private final LoginTrust trust = new LoginTrust(time::get);

    @Test
    void aLoginThatNeverWorkedIsWrong() {
        assertThat(trust.isTrusted()).isFalse();
    }

    @Test
    void oneThatWorkedIsTrustedForAWhileAfterItsFirstRefusal() {
        trust.accepted();
        pass(Duration.ofHours(1));

        assertThat(trust.isTrusted()).isTrue();
        pass(LoginTrust.PATIENCE.minusSeconds(1));
        assertThat(trust.isTrusted()).isTrue();
        pass(Duration.ofSeconds(1));
        assertThat(trust.isTrusted()).isFalse();
    }

    @Test
    void everyTimeItWorksThePatienceIsWholeAgain() {
        trust.accepted();
        assertThat(trust.isTrusted()).isTrue();
        pass(LoginTrust.PATIENCE);
        trust.accepted();

        assertThat(trust.isTrusted()).isTrue();
    }

    private void pass(Duration duration) {
        time.addAndGet(duration.toNanos());
    }
}
