package io.pgsync.replication.stream;

import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.pgoutput.TextEncoding;
import io.pgsync.replication.sql.Columns;
import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * What a stream must know about its server before it is opened.
 *
 * @param statusInterval a quarter of the time after which the server drops a silent client, so that one lost update
 *     does no harm
 * @param encoding the encoding of texts in the stream
 */
record WalsenderFacts(Duration statusInterval, TextEncoding encoding) {
    private static final Duration LONGEST_STATUS_INTERVAL = Duration.ofSeconds(1);
    private static final Duration SHORTEST_STATUS_INTERVAL = Duration.ofMillis(100);

    static Mono<WalsenderFacts> read(PostgresConnections connections) {
        return connections
                .query(
                        "SELECT setting::bigint, current_setting('server_encoding') FROM pg_settings"
                                + " WHERE name = 'wal_sender_timeout'",
                        row -> new WalsenderFacts(
                                statusInterval(Columns.required(row, 0, Long.class)),
                                TextEncoding.of(Columns.required(row, 1, String.class))))
                .single();
    }

    private static Duration statusInterval(long timeoutMillis) {
        return timeoutMillis == 0 ? LONGEST_STATUS_INTERVAL : clamp(Duration.ofMillis(timeoutMillis / 4));
    }

    private static Duration clamp(Duration interval) {
        if (interval.compareTo(SHORTEST_STATUS_INTERVAL) < 0) {
            return SHORTEST_STATUS_INTERVAL;
        }
        return interval.compareTo(LONGEST_STATUS_INTERVAL) > 0 ? LONGEST_STATUS_INTERVAL : interval;
    }
}
