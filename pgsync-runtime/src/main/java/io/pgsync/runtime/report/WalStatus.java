package io.pgsync.runtime.report;

import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.replication.retention.WalBudget.Level;
import io.pgsync.replication.slot.SlotStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * How much of the server's log the slot keeps, compared with its budget.
 *
 * @param growth growth of the kept log in bytes per second; empty after a single look
 * @param cause what holds the slot back; to be shown only if there is something to explain
 */
public record WalStatus(Retention look, WalBudget budget, Optional<Double> growth, Cause cause) {
    /** Bytes of log that the server keeps for the slot. */
    public long retained() {
        return look.bytes();
    }

    /** The used percentage of the budget; above 100 if it is exceeded. */
    public int percent() {
        return budget.percent(retained());
    }

    /** How urgent that is. */
    public Level level() {
        return budget.level(retained());
    }

    /**
     * The time until the budget is used up at this growth; empty if the log does not grow, or if the budget is used up
     * already.
     */
    public Optional<Duration> timeLeft() {
        return growth.flatMap(rate -> budget.timeLeft(retained(), rate));
    }

    /** {@code missing} without a slot, else the server's word. */
    public String walStatus() {
        return look.slot().map(SlotStatus::walStatus).orElse("missing");
    }

    /** Bytes that can still be written before the server may drop the log of the slot; empty if it never does. */
    public Optional<Long> safeWalSize() {
        return look.slot().flatMap(SlotStatus::safeWalSize);
    }
}
