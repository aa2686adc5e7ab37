package io.pgsync.replication.preflight;

import io.pgsync.core.failure.Finding;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;
import java.util.Locale;

/** Any slot of the server, and the log that is kept for it. */
record HeldSlot(String name, boolean active, String walStatus, long heldBytes) {

    static final String QUERY = """
            SELECT slot_name::text, active, coalesce(wal_status, 'unused'),
                   coalesce(pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn()
                                                 ELSE pg_current_wal_lsn() END, restart_lsn), 0)::int8
              FROM pg_replication_slots
             ORDER BY slot_name""";

    /** One segment is always kept; a slot in use holds a few. */
    private static final long NOTABLE_BYTES = 256L << 20;

    static HeldSlot of(Readable row) {
        return new HeldSlot(
                Columns.required(row, 0, String.class),
                Columns.required(row, 1, Boolean.class),
                Columns.required(row, 2, String.class),
                Columns.required(row, 3, Long.class));
    }

    Finding finding(String ours) {
        String subject = "slot " + name;
        String state = "%s, %s, holds %s of log"
                .formatted(name.equals(ours) ? "ours" : "somebody else's", active ? "in use" : "not in use", size());
        String drop = "SELECT pg_drop_replication_slot('" + name.replace("'", "''") + "');";
        if (walStatus.equals("lost")) {
            return name.equals(ours)
                    ? Finding.problem(subject, state + ", and has lost changes", "pgsync backfill loads again")
                    : Finding.warning(subject, state + ", and has lost changes", drop);
        }
        if (!active && heldBytes > NOTABLE_BYTES) {
            return Finding.warning(
                    subject,
                    state + (name.equals(ours) ? "" : "; to be dropped if nobody needs it"),
                    name.equals(ours) ? "pgsync --daemon, or pgsync bootstrap --teardown to give it up" : drop);
        }
        return Finding.fine(subject, state);
    }

    private String size() {
        return String.format(Locale.ROOT, "%.1f MB", heldBytes / 1048576.0);
    }
}
