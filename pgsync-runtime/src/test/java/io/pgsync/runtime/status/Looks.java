package io.pgsync.runtime.status;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.slot.SlotStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Looks at slot and states; the index of every state is the one that was loaded. */
final class Looks {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Looks() {}

    static StatusLook at(Instant time, Optional<SlotStatus> slot, SyncState state) {
        return new StatusLook(
                retention(time, slot),
                Map.of(state.index(), state),
                Map.of(state.index(), state.indexUuid()),
                Map.of(),
                Map.of(),
                Optional.empty());
    }

    static StatusLook withoutStates(Optional<String> engineFailure) {
        return new StatusLook(retention(NOON, slot(10, 7)), Map.of(), Map.of(), Map.of(), Map.of(), engineFailure);
    }

    static Retention retention(Instant time, Optional<SlotStatus> slot) {
        return new Retention(time, new Lsn(100), slot, Optional.empty(), Optional.empty());
    }

    /** {@code pid}: of the process that reads it; 0 for none. */
    static Optional<SlotStatus> slot(long confirmed, int pid) {
        return slot(confirmed, pid, "reserved");
    }

    static Optional<SlotStatus> slot(long confirmed, int pid, String walStatus) {
        return Optional.of(new SlotStatus(
                "slot",
                "pgoutput",
                "shop",
                Optional.of(pid).filter(found -> found > 0),
                Optional.of(new Lsn(5)),
                Optional.of(new Lsn(confirmed)),
                walStatus,
                Optional.empty(),
                false));
    }
}
