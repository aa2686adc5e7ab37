package io.pgsync.elasticsearch;

import java.time.Duration;

/** How long a request may wait for its answer, and how many connections each node gets. */
public record ConnectionSettings(Duration connectTimeout, Duration requestTimeout, int maxConnections) {
    /** 5 s to connect, 60 s for an answer, 10 connections to each node. */
    public static final ConnectionSettings DEFAULT =
            new ConnectionSettings(Duration.ofSeconds(5), Duration.ofSeconds(60), 10);
}
