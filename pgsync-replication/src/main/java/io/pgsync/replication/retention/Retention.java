package io.pgsync.replication.retention;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.slot.SlotStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * What one slot keeps of the server's log, as the server saw it at one moment.
 *
 * @param at by the server's clock
 * @param current the end of the log
 * @param slot empty when there is no such slot
 * @param allowed bytes that the server lets a slot keep ({@code max_slot_wal_keep_size}); empty without a limit
 * @param oldest the oldest open transaction of the whole server that this user may see
 */
public record Retention(
        Instant at, Lsn current, Optional<SlotStatus> slot, Optional<Long> allowed, Optional<OpenTransaction> oldest) {

    /** Bytes of log that the server keeps for the slot; none when there is no slot, or no log for it any more. */
    public long bytes() {
        return slot.flatMap(SlotStatus::restartLsn).map(this::bytesSince).orElse(0L);
    }

    /** Bytes of log behind the position that was last acknowledged. */
    public long unconfirmed() {
        return slot.flatMap(SlotStatus::confirmedFlushLsn).map(this::bytesSince).orElse(0L);
    }

    /** Bytes between a position and the end of the log; none when it is ahead of this look. */
    public long bytesSince(Lsn position) {
        return Math.max(0, current.bytesSince(position));
    }

    /** Whether a process holds the slot now. */
    public boolean isRead() {
        return slot.filter(SlotStatus::isActive).isPresent();
    }
}
