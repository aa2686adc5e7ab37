package io.pgsync.replication.retention;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.slot.SlotStatus;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Looks at one slot with one statement. It reads only system views, so it may be used at any time and from any machine.
 */
public final class SlotWatch {
    private static final long BYTES_OF_A_MEGABYTE = 1L << 20;

    // Only a transaction with an id has written. Without pg_monitor, a user does not see the ids of other users'
    // sessions.
    private static final String QUERY = "SELECT " + SlotStatus.COLUMNS + """
            , slot_name IS NOT NULL, clock_timestamp(), pg_current_wal_lsn()::text,
              (SELECT setting::bigint FROM pg_settings WHERE name = 'max_slot_wal_keep_size'),
              oldest.who, extract(epoch FROM clock_timestamp() - oldest.began)::float8
            FROM (SELECT 1) always
            LEFT JOIN pg_replication_slots ON slot_name = $1
            LEFT JOIN (SELECT 'session ' || pid AS who, xact_start AS began
                         FROM pg_stat_activity WHERE backend_xid IS NOT NULL
                       UNION ALL SELECT 'prepared transaction ' || gid, prepared FROM pg_prepared_xacts
                       ORDER BY began LIMIT 1) oldest ON true""";

    private final PostgresConnections connections;
    private final String slot;

    /** Asks nothing yet; {@code slot} need not exist. */
    public SlotWatch(PostgresConnections connections, String slot) {
        this.connections = connections;
        this.slot = slot;
    }

    /** Looks once, with one statement. */
    public Mono<Retention> look() {
        return connections.query(QUERY, SlotWatch::retention, slot).single();
    }

    private static Retention retention(Readable row) {
        boolean exists = Columns.required(row, SlotStatus.WIDTH, Boolean.class);
        return new Retention(
                Columns.required(row, SlotStatus.WIDTH + 1, Instant.class),
                Lsn.parse(Columns.required(row, SlotStatus.WIDTH + 2, String.class)),
                exists ? Optional.of(SlotStatus.of(row)) : Optional.empty(),
                // -1 means no limit.
                Optional.of(Columns.required(row, SlotStatus.WIDTH + 3, Long.class))
                        .filter(megabytes -> megabytes >= 0)
                        .map(megabytes -> megabytes * BYTES_OF_A_MEGABYTE),
                Optional.ofNullable(row.get(SlotStatus.WIDTH + 4, String.class))
                        .map(who -> new OpenTransaction(
                                who, age(Columns.required(row, SlotStatus.WIDTH + 5, Double.class)))));
    }

    private static Duration age(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1e3));
    }
}
