package io.pgsync.elasticsearch;

import java.time.Duration;

/** How long a request may wait for its answer, and how many connections each node gets. */
public record ConnectionSettings(Duration connectTimeout, Duration requestTimeout, int maxConnections) {
    public static final ConnectionSettings DEFAULT =
            new ConnectionSettings(Duration.ofSeconds(5), Duration.ofSeconds(60), 10);
}
