package io.pgsync.runtime.report;

import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.replication.retention.WalBudget.Level;
import io.pgsync.replication.slot.SlotStatus;
import java.time.Duration;
import java.util.Optional;

/**
 * What the slot keeps of the server's log, against its budget.
 *
 * @param growth of the kept log, in bytes a second; empty where there was only one look
 * @param cause what holds the slot; to be shown where there is something to explain
 */
public record WalStatus(Retention look, WalBudget budget, Optional<Double> growth, Cause cause) {
    /** Bytes of log that the server keeps for the slot. */
    public long retained() {
        return look.bytes();
    }

    /** Of the budget, above 100 when it is exceeded. */
    public int percent() {
        return budget.percent(retained());
    }

    /** How urgent that is. */
    public Level level() {
        return budget.level(retained());
    }

    /** Until the budget is used up at this growth; empty where nothing grows, or it is used up already. */
    public Optional<Duration> timeLeft() {
        return growth.flatMap(rate -> budget.timeLeft(retained(), rate));
    }

    /** {@code missing} without a slot, else the server's word. */
    public String walStatus() {
        return look.slot().map(SlotStatus::walStatus).orElse("missing");
    }

    /** Bytes that can still be written before the server may give the slot up; empty where it never does. */
    public Optional<Long> safeWalSize() {
        return look.slot().flatMap(SlotStatus::safeWalSize);
    }
}
