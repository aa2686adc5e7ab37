package io.pgsync.replication.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.replication.retention.WalBudget.Level;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WalBudgetTest {
    private static final long GIGABYTE = 1L << 30;

    @Test
    void isWhatWasWishedForElseHalfOfWhatTheServerAllowsElseTenGigabytes() {
        assertThat(WalBudget.of(Optional.of(7L), Looks.allowing(GIGABYTE)).bytes())
                .isEqualTo(7);
        assertThat(WalBudget.of(Optional.empty(), Looks.allowing(GIGABYTE)).bytes())
                .isEqualTo(GIGABYTE / 2);
        assertThat(WalBudget.of(Optional.empty(), Looks.withoutSlot()).bytes()).isEqualTo(10 * GIGABYTE);
    }

    @ParameterizedTest
    @CsvSource({"0, CALM", "49, CALM", "50, HALF", "79, HALF", "80, HIGH", "99, HIGH", "100, FULL", "500, FULL"})
    void warnsAtFiftyAndEightyPercent(long retained, Level level) {
        assertThat(new WalBudget(100).level(retained)).isEqualTo(level);
    }

    @Test
    void tellsTheTimeLeftWhileLogIsPilingUp() {
        var budget = new WalBudget(1_000);

        assertThat(budget.timeLeft(400, 10)).contains(Duration.ofSeconds(60));
        assertThat(budget.timeLeft(2_000, 10)).isEmpty();
        assertThat(budget.timeLeft(400, -10)).isEmpty();
    }

    @Test
    void growthIsMeasuredOverTheWindow() {
        var growth = new Growth(Duration.ofSeconds(20));

        assertThat(growth.after(Looks.keeping(1_000, 0))).isEmpty();
        assertThat(growth.after(Looks.keeping(2_000, 10))).contains(100.0);
        assertThat(growth.after(Looks.keeping(5_000, 20))).contains(200.0);
        assertThat(growth.after(Looks.keeping(3_000, 40))).contains(-100.0);
    }
}
