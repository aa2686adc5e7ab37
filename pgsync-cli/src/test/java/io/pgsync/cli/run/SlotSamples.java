package io.pgsync.cli.run;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.DoubleSummaryStatistics;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/** What pg_replication_slots says of a slot while somebody writes: many samples, by the server's clock. */
final class SlotSamples {
    private static final String SAMPLE =
            "SELECT clock_timestamp(), pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8"
                    + " FROM pg_replication_slots WHERE slot_name = '%s'";

    private final Shop shop;
    private final NavigableMap<Instant, Double> samples = new TreeMap<>();

    SlotSamples(Shop shop) {
        this.shop = shop;
    }

    /** Writes all the time, about the same amount between two samples. */
    void writeAndSampleUntil(BooleanSupplier enough) throws SQLException {
        try (var connection = shop.connect();
                var statement = connection.createStatement()) {
            while (!enough.getAsBoolean()) {
                statement.execute("INSERT INTO ballast SELECT repeat('x', 500) FROM generate_series(1, 20)");
                try (var rows = statement.executeQuery(SAMPLE.formatted(shop.slot()))) {
                    rows.next();
                    samples.put(rows.getObject(1, OffsetDateTime.class).toInstant(), rows.getDouble(2));
                }
            }
        }
    }

    /** Between the two samples that are nearest. */
    double retainedAt(Instant moment) {
        var before = samples.floorEntry(moment);
        var after = samples.ceilingEntry(moment);
        if (before == null || after == null) {
            throw new IllegalStateException("No samples around " + moment);
        }
        double whole =
                Math.max(1, Duration.between(before.getKey(), after.getKey()).toNanos());
        double part = Duration.between(before.getKey(), moment).toNanos() / whole;
        return before.getValue() + part * (after.getValue() - before.getValue());
    }

    /** Bytes a second until {@code end}, from each sample that is at least {@code shortest} and at most {@code longest} older. */
    DoubleSummaryStatistics growthUntil(Instant end, Duration shortest, Duration longest) {
        return samples.subMap(end.minus(longest), true, end.minus(shortest), true).entrySet().stream()
                .mapToDouble(start -> (retainedAt(end) - start.getValue())
                        / (Duration.between(start.getKey(), end).toNanos() / 1e9))
                .summaryStatistics();
    }
}
