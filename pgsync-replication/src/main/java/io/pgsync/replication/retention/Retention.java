package io.pgsync.replication.retention;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.slot.SlotStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * How much of the server's log one slot keeps, as the server saw it at one moment.
 *
 * @param at by the server's clock
 * @param current the end of the log
 * @param slot empty if there is no such slot
 * @param allowed bytes that the server allows a slot to keep ({@code max_slot_wal_keep_size}); empty without a limit
 * @param oldest the oldest open transaction of the whole server that this user may see
 */
public record Retention(
        Instant at, Lsn current, Optional<SlotStatus> slot, Optional<Long> allowed, Optional<OpenTransaction> oldest) {

    /** Bytes of log that the server keeps for the slot; 0 if there is no slot, or no more log for it. */
    public long bytes() {
        return slot.flatMap(SlotStatus::restartLsn).map(this::bytesSince).orElse(0L);
    }

    /** Bytes of log after the position that was last acknowledged. */
    public long unconfirmed() {
        return slot.flatMap(SlotStatus::confirmedFlushLsn).map(this::bytesSince).orElse(0L);
    }

    /** Bytes between a position and the end of the log; 0 if the position is ahead of this look. */
    public long bytesSince(Lsn position) {
        return Math.max(0, current.bytesSince(position));
    }

    /** Whether a process holds the slot now. */
    public boolean isRead() {
        return slot.filter(SlotStatus::isActive).isPresent();
    }
}
