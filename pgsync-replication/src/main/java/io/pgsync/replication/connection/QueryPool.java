package io.pgsync.replication.connection;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.ValidationDepth;
import java.time.Duration;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/** A bounded number of connections for queries, made when they are needed. Safe from any thread. */
final class QueryPool {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Supplier<ConnectionPool> pools;
    private volatile ConnectionPool current;

    QueryPool(PostgresqlConnectionFactory factory, StreamServer server, int maxSize) {
        ConnectionPoolConfiguration configuration = configuration(new Proving(factory, server), maxSize);
        this.pools = () -> new ConnectionPool(configuration);
        this.current = pools.get();
    }

    /**
     * No limit for the wait for a free connection, which is no fault: six walks to millions of roots may hold all
     * connections for an hour. Making a connection has a limit.
     */
    static ConnectionPoolConfiguration configuration(ConnectionFactory factory, int maxSize) {
        return ConnectionPoolConfiguration.builder(factory)
                .initialSize(0)
                .maxSize(maxSize)
                .maxIdleTime(Duration.ofMinutes(5))
                .maxCreateConnectionTime(PostgresConnections.LOGIN_TIMEOUT)
                .validationDepth(ValidationDepth.LOCAL)
                .build();
    }

    /** Lends a connection; closing it returns it to the pool. */
    Mono<Connection> acquire() {
        return Mono.defer(() -> current.create());
    }

    /**
     * From now on the pool lends only new connections; those that are lent out end when they are returned. Never fails.
     */
    Mono<Void> empty() {
        return Mono.defer(() -> replaced().disposeLater().timeout(CLOSE_TIMEOUT).onErrorComplete());
    }

    private synchronized ConnectionPool replaced() {
        ConnectionPool old = current;
        current = pools.get();
        return old;
    }

    Mono<Void> close() {
        return Mono.defer(() -> current.disposeLater());
    }

    /** Lends a new connection only after it was checked. */
    private record Proving(PostgresqlConnectionFactory factory, StreamServer server) implements ConnectionFactory {
        @Override
        public Publisher<PostgresqlConnection> create() {
            return Mono.usingWhen(
                    factory.create(),
                    fresh -> server.check(fresh).thenReturn(fresh),
                    checked -> Mono.empty(),
                    (refused, failure) -> refused.close(),
                    PostgresqlConnection::close);
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return factory.getMetadata();
        }
    }
}
