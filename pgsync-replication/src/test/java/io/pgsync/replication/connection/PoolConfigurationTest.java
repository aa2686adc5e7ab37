package io.pgsync.replication.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class PoolConfigurationTest {
    private static final int SIZE = 6;

    @Test
    void whoeverWaitsBehindSlowWalksGetsAConnectionInTheEnd() {
        List<Connection> lent = new ArrayList<>();

        StepVerifier.withVirtualTime(() -> {
                    var pool = new ConnectionPool(QueryPool.configuration(new Connections(), SIZE));
                    for (int i = 0; i < SIZE; i++) {
                        pool.create().subscribe(lent::add);
                    }
                    return pool.create();
                })
                .thenAwait(Duration.ofHours(3))
                .then(() -> {
                    assertThat(lent).hasSize(SIZE);
                    Mono.from(lent.get(0).close()).subscribe();
                })
                .expectNextCount(1)
                .verifyComplete();
    }

    /** Connections that do nothing, and are there at once. */
    private static final class Connections implements ConnectionFactory {
        @Override
        public Publisher<? extends Connection> create() {
            return Mono.just((Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> switch (method.getName()) {
                        case "isAutoCommit" -> true;
                        case "validate" -> Mono.just(true);
                        case "hashCode" -> System.identityHashCode(proxy);
                        case "equals" -> proxy == arguments[0];
                        case "toString" -> "connection";
                        default -> Mono.empty();
                    }));
        }

        @Override
        public ConnectionFactoryMetadata getMetadata() {
            return () -> "none";
        }
    }
}
