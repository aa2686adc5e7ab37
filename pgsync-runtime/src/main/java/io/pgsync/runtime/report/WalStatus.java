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
    public long retained() {
        return look.bytes();
    }

    public int percent() {
        return budget.percent(retained());
    }

    public Level level() {
        return budget.level(retained());
    }

    public Optional<Duration> timeLeft() {
        return growth.flatMap(rate -> budget.timeLeft(retained(), rate));
    }

    /** {@code missing} without a slot, else the server's word. */
    public String walStatus() {
        return look.slot().map(SlotStatus::walStatus).orElse("missing");
    }

    public Optional<Long> safeWalSize() {
        return look.slot().flatMap(SlotStatus::safeWalSize);
    }
}
