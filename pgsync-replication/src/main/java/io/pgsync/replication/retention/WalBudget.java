package io.pgsync.replication.retention;

import java.time.Duration;
import java.util.Optional;

/** Bytes of log that the slot may make the server keep. */
public record WalBudget(long bytes) {
    private static final WalBudget DEFAULT = new WalBudget(10L << 30);
    private static final int HALF_PERCENT = 50;
    private static final int HIGH_PERCENT = 80;

    public WalBudget {
        if (bytes < 1) {
            throw new IllegalArgumentException("A budget of " + bytes + " bytes");
        }
    }

    /**
     * The bytes that the user wished; otherwise half of what the server allows, so that there is time to act; otherwise
     * 10 GB.
     */
    public static WalBudget of(Optional<Long> wished, Retention look) {
        return wished.or(() -> look.allowed().map(allowed -> Math.max(1, allowed / 2)))
                .map(WalBudget::new)
                .orElse(DEFAULT);
    }

    /** The percentage of the budget that {@code retained} bytes use, rounded; above 100 if it is exceeded. */
    public int percent(long retained) {
        return (int) Math.min(Integer.MAX_VALUE, Math.round(100.0 * retained / bytes));
    }

    /** The level that {@code retained} bytes have reached. */
    public Level level(long retained) {
        if (retained >= bytes) {
            return Level.FULL;
        }
        int percent = percent(retained);
        if (percent >= HIGH_PERCENT) {
            return Level.HIGH;
        }
        return percent >= HALF_PERCENT ? Level.HALF : Level.CALM;
    }

    /**
     * The time until the budget is used up at this rate; empty if it is used up already, or if the log does not grow.
     */
    public Optional<Duration> timeLeft(long retained, double bytesPerSecond) {
        return retained >= bytes || bytesPerSecond < 1
                ? Optional.empty()
                : Optional.of(Duration.ofSeconds(Math.round((bytes - retained) / bytesPerSecond)));
    }

    /** How much of a budget is used: 50 percent deserve a warning, 80 are urgent. */
    public enum Level {
        CALM,
        HALF,
        HIGH,
        FULL
    }
}
