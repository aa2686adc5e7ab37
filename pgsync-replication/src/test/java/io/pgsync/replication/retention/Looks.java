package io.pgsync.replication.retention;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.slot.SlotStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Looks at a slot that nobody took. */
final class Looks {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Lsn END = new Lsn(1L << 40);

    private Looks() {}

    static Retention keeping(long bytes, int second) {
        return look(bytes, 0, second, true, Optional.empty());
    }

    static Retention unread(long bytes) {
        return look(bytes, bytes, 0, false, Optional.empty());
    }

    static Retention behindATransaction(long bytes, long unconfirmed, Duration age) {
        return look(bytes, unconfirmed, 0, true, Optional.of(new OpenTransaction("session 17", age)));
    }

    static Retention withoutSlot() {
        return new Retention(NOON, END, Optional.empty(), Optional.empty(), Optional.empty());
    }

    static Retention allowing(long allowed) {
        return new Retention(NOON, END, Optional.empty(), Optional.of(allowed), Optional.empty());
    }

    private static Retention look(
            long bytes, long unconfirmed, int second, boolean active, Optional<OpenTransaction> oldest) {
        var slot = new SlotStatus(
                "pgsync",
                "pgoutput",
                "shop",
                active ? Optional.of(1) : Optional.empty(),
                Optional.of(new Lsn(END.value() - bytes)),
                Optional.of(new Lsn(END.value() - unconfirmed)),
                "reserved",
                Optional.empty(),
                false);
        return new Retention(NOON.plusSeconds(second), END, Optional.of(slot), Optional.empty(), oldest);
    }
}
