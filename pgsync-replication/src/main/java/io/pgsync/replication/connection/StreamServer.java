package io.pgsync.replication.connection;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.r2dbc.spi.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Restricts queries to the server of the stream. An address is not a server: after a promotion, or through a load
 * balancer, the next connection may lead to another one, and reads there say nothing about the changes of the stream.
 * So a stream that opens empties the pools, and until it closes, each new connection for queries must prove that it
 * leads to the same process. Safe from any thread.
 */
final class StreamServer {
    private final PostgresSettings settings;
    private final List<QueryPool> pools = new CopyOnWriteArrayList<>();
    private volatile Optional<RunningServer> streaming = Optional.empty();

    StreamServer(PostgresSettings settings) {
        this.settings = settings;
    }

    void hold(QueryPool pool) {
        pools.add(pool);
    }

    /**
     * From now on queries must go to the server of the stream. The walsender of the stream is a session there, with an
     * application name that no other session has: {@code connection}, a new one for queries, must see it.
     */
    Mono<Void> expect(String walsender, Connection connection) {
        return RunningServer.withSession(walsender, connection)
                .switchIfEmpty(Mono.defer(() -> RunningServer.of(connection)
                        .flatMap(found -> Mono.error(failure("The stream comes from another server than the queries"
                                + " reach, which is " + found)))))
                .flatMap(this::requirePrimary)
                .doOnNext(found -> streaming = Optional.of(found))
                .thenMany(Flux.fromIterable(pools))
                .concatMap(QueryPool::empty)
                .then();
    }

    /** Queries may go to any server again, as before the stream was opened. */
    void forget() {
        streaming = Optional.empty();
    }

    /** Fails with RETRY if a new connection leads to another server while a stream is open. */
    Mono<Void> check(Connection fresh) {
        return Mono.defer(() -> streaming
                .map(expected -> RunningServer.of(fresh)
                        .flatMap(found -> found.equals(expected)
                                ? Mono.<Void>empty()
                                : Mono.error(failure("The stream comes from " + expected
                                        + ", but a connection for queries has reached " + found))))
                .orElseGet(Mono::empty));
    }

    private Mono<RunningServer> requirePrimary(RunningServer found) {
        return found.isStandby()
                ? Mono.error(failure("It is a standby, " + found + "; documents are read from a primary"))
                : Mono.just(found);
    }

    private SyncException failure(String what) {
        return new SyncException(
                Remedy.RETRY,
                "PostgreSQL at %s: %s. The address has to lead to one primary".formatted(settings.address(), what));
    }
}
