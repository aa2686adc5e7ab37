package io.pgsync.replication.slot;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;
import java.util.Optional;

/**
 * A logical slot as {@code pg_replication_slots} shows it.
 *
 * @param activePid the server process that streams from it now
 * @param restartLsn log is kept from here on; empty if the slot is lost
 * @param confirmedFlushLsn the last acknowledged position
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
 * @param safeWalSize bytes that may still be written before the slot is in danger; empty without
 *     {@code max_slot_wal_keep_size}
 * @param twoPhase whether it decodes prepared transactions, which is not supported
 * @param failover whether standbys may keep it in step, to stream from it once they are promoted; never before version 17
 * @param synced whether it was kept in step with that of another server; stays true after the promotion
 */
public record SlotStatus(
        String name,
        String plugin,
        String database,
        Optional<Integer> activePid,
        Optional<Lsn> restartLsn,
        Optional<Lsn> confirmedFlushLsn,
        String walStatus,
        Optional<Long> safeWalSize,
        boolean twoPhase,
        boolean failover,
        boolean synced) {
    /** A slot of one server. */
    public SlotStatus(
            String name,
            String plugin,
            String database,
            Optional<Integer> activePid,
            Optional<Lsn> restartLsn,
            Optional<Lsn> confirmedFlushLsn,
            String walStatus,
            Optional<Long> safeWalSize,
            boolean twoPhase) {
        this(
                name,
                plugin,
                database,
                activePid,
                restartLsn,
                confirmedFlushLsn,
                walStatus,
                safeWalSize,
                twoPhase,
                false,
                false);
    }

    /** So many columns has {@link #COLUMNS}. */
    public static final int WIDTH = 11;

    /**
     * Columns for a statement on pg_replication_slots; {@link #of} reads them as the first ones of its row. Servers before version 17 lack
     * the last two, hence the JSON.
     */
    public static final String COLUMNS =
            "coalesce(slot_name, '')::text, coalesce(plugin, '')::text, coalesce(database, '')::text, active_pid,"
                    + " restart_lsn::text, confirmed_flush_lsn::text, coalesce(wal_status, 'lost')::text, safe_wal_size, two_phase,"
                    + " coalesce((to_jsonb(pg_replication_slots) ->> 'failover')::boolean, false),"
                    + " coalesce((to_jsonb(pg_replication_slots) ->> 'synced')::boolean, false)";

    /** Reads the columns of {@link #COLUMNS}, which come first in the row. */
    public static SlotStatus of(Readable row) {
        return new SlotStatus(
                Columns.required(row, 0, String.class),
                Columns.required(row, 1, String.class),
                Columns.required(row, 2, String.class),
                Optional.ofNullable(row.get(3, Integer.class)),
                Optional.ofNullable(row.get(4, String.class)).map(Lsn::parse),
                Optional.ofNullable(row.get(5, String.class)).map(Lsn::parse),
                Columns.required(row, 6, String.class),
                Optional.ofNullable(row.get(7, Long.class)),
                Boolean.TRUE.equals(row.get(8, Boolean.class)),
                Columns.required(row, 9, Boolean.class),
                Columns.required(row, 10, Boolean.class));
    }

    /** Whether a process holds it now. */
    public boolean isActive() {
        return activePid.isPresent();
    }

    /** The server has discarded log that the slot needed: changes are missing, and the slot cannot be used again. */
    public boolean isLost() {
        return walStatus.equals("lost");
    }
}
