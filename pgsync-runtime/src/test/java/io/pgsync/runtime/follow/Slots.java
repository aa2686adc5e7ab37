package io.pgsync.runtime.follow;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.retention.Cause;
import io.pgsync.replication.retention.Cause.Kind;
import io.pgsync.replication.retention.Retention;
import io.pgsync.replication.retention.WalBudget;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.runtime.report.WalStatus;
import java.time.Instant;
import java.util.Optional;

/** Looks at a slot that is read. */
final class Slots {
    private static final Lsn END = new Lsn(100_000);

    private Slots() {}

    /** {@code bytes} of the server's log are kept for it. */
    static Retention keeping(long bytes) {
        return keeping(bytes, Instant.EPOCH);
    }

    static Retention keeping(long bytes, Instant at) {
        var start = Optional.of(new Lsn(END.value() - bytes));
        var slot = new SlotStatus(
                "pgsync_shop", "pgoutput", "shop", Optional.of(7), start, start, "reserved", Optional.empty(), false);
        return new Retention(at, END, Optional.of(slot), Optional.empty(), Optional.empty());
    }

    /** The whole of a budget is used up. */
    static WalStatus full(long budget) {
        return new WalStatus(
                keeping(budget),
                new WalBudget(budget),
                Optional.empty(),
                new Cause(Kind.BEHIND, "the stream is behind"));
    }
}
