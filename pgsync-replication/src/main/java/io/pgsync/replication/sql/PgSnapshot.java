package io.pgsync.replication.sql;

import io.pgsync.core.change.Xid;
import java.util.HashSet;
import java.util.Set;

/**
 * A snapshot as {@code pg_current_snapshot()} prints it: {@code xmin:xmax:xip,xip,…}. Ids have 64 bits (xid8).
 *
 * @param xmin every transaction with a lower id has ended
 * @param xmax this transaction and all with a higher id are not visible
 * @param running the transactions in between that are not visible
 */
public record PgSnapshot(long xmin, long xmax, Set<Long> running) {
    public PgSnapshot {
        running = Set.copyOf(running);
    }

    public static PgSnapshot parse(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("Not a snapshot: '" + text + "' (expected xmin:xmax:xip,xip,…)");
        }
        Set<Long> running = new HashSet<>();
        if (!parts[2].isEmpty()) {
            for (String xip : parts[2].split(",", -1)) {
                running.add(Long.parseUnsignedLong(xip));
            }
        }
        return new PgSnapshot(Long.parseUnsignedLong(parts[0]), Long.parseUnsignedLong(parts[1]), running);
    }

    /** Whether the effects of {@code xid8} are visible, if it committed. */
    public boolean sees(long xid8) {
        return xid8 < xmin || (xid8 < xmax && !running.contains(xid8));
    }

    /** As {@link #sees(long)}, for an id from the log. */
    public boolean sees(Xid xid) {
        return sees(widen(xid));
    }

    /** Whether everything that {@code other} sees is visible here too. */
    public boolean covers(PgSnapshot other) {
        return xmax >= other.xmax && running.stream().noneMatch(other::sees);
    }

    /**
     * Adds the epoch, which the log leaves out. The ids in use at one time span less than 2^31, so the signed
     * difference of the low halves is the distance of the id from {@link #xmax()}.
     */
    public long widen(Xid xid) {
        return xmax + (xid.value() - (int) xmax);
    }
}
