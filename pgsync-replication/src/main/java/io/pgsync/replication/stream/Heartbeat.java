package io.pgsync.replication.stream;

import io.pgsync.core.change.Lsn;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.sql.Columns;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Writes a small logical message into the log at intervals. It returns through the stream as a separate transaction, so
 * the slot's position also moves when nothing else is published, and the server can discard its log.
 */
public final class Heartbeat {
    /** Marks our messages in the stream. */
    public static final String PREFIX = "pgsync";

    /** Ten seconds, at most 8640 commits a day. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    // Not on: the heartbeat must not hang while a synchronous standby is away. Not off: its commit must reach the
    // stream at once.
    private static final String EMIT = "SELECT pg_logical_emit_message(true, $1, $2)::text"
            + " FROM set_config('synchronous_commit', 'local', true)";

    private final PostgresConnections connections;
    private final String token;

    /** {@code token} distinguishes the heartbeats of several slots of one database. */
    public Heartbeat(PostgresConnections connections, String token) {
        this.connections = connections;
        this.token = token;
    }

    /**
     * Emits one and returns its position. Everything that was committed before the call is acknowledged once a position
     * at or after this one is.
     */
    public Mono<Lsn> emit() {
        return connections
                .query(EMIT, row -> Lsn.parse(Columns.required(row, 0, String.class)), PREFIX, token)
                .single();
    }

    /**
     * Emits one after every {@code interval} until cancelled. A failure is only logged: the stream itself notices a
     * lost server.
     */
    public Flux<Lsn> every(Duration interval, Scheduler scheduler) {
        return Flux.interval(interval, scheduler)
                .onBackpressureDrop()
                .concatMap(tick -> emit().onErrorResume(failure -> {
                    log.warn("No heartbeat: {}", failure.getMessage());
                    return Mono.empty();
                }));
    }
}
