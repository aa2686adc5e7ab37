package io.pgsync.replication.preflight;

import io.pgsync.core.failure.Finding;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;
import java.util.List;

/** The settings that decide how much log the server keeps for slots, and how it treats their readers. */
record RetentionFacts(
        long maxSlotWalKeepMegabytes, String maxWalSize, long walSenderTimeoutMillis, String decodingMemory) {

    static final String QUERY = """
            SELECT (SELECT setting::int8 FROM pg_settings WHERE name = 'max_slot_wal_keep_size'),
                   current_setting('max_wal_size'),
                   (SELECT setting::int8 FROM pg_settings WHERE name = 'wal_sender_timeout'),
                   current_setting('logical_decoding_work_mem')""";

    private static final long SHORTEST_TIMEOUT = 5_000;

    static RetentionFacts of(Readable row) {
        return new RetentionFacts(
                Columns.required(row, 0, Long.class),
                Columns.required(row, 1, String.class),
                Columns.required(row, 2, Long.class),
                Columns.required(row, 3, String.class));
    }

    List<Finding> findings() {
        return List.of(
                slotLimit(),
                Finding.fine("max_wal_size", maxWalSize + ", a soft limit: slots may keep any amount beyond it"),
                timeout(),
                Finding.fine(
                        "logical_decoding_work_mem",
                        decodingMemory + "; larger transactions are decoded by way of the disk"));
    }

    private Finding slotLimit() {
        String subject = "max_slot_wal_keep_size";
        if (maxSlotWalKeepMegabytes < 0) {
            return Finding.warning(
                    subject,
                    "unlimited: a slot that nobody reads fills the disk",
                    "ALTER SYSTEM SET max_slot_wal_keep_size = '20GB'; SELECT pg_reload_conf();");
        }
        return Finding.fine(subject, maxSlotWalKeepMegabytes + " MB");
    }

    private Finding timeout() {
        String subject = "wal_sender_timeout";
        if (walSenderTimeoutMillis > 0 && walSenderTimeoutMillis < SHORTEST_TIMEOUT) {
            return Finding.warning(
                    subject,
                    walSenderTimeoutMillis + " ms: a short pause of the network ends the stream",
                    "ALTER SYSTEM SET wal_sender_timeout = '60s'; SELECT pg_reload_conf();");
        }
        return Finding.fine(subject, walSenderTimeoutMillis == 0 ? "off" : walSenderTimeoutMillis + " ms");
    }
}
