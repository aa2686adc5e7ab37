package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Node;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.util.TimeValue;

/**
 * Closes the connections that wait for their next use when a request stays without an answer: what made one of them half-open (a firewall
 * that forgot, a node that vanished) did so to all, and each would cost a timeout of its own before it is found out. On the client's I/O
 * thread.
 */
final class SuspectConnections extends Rest5Client.FailureListener {
    private volatile Optional<ConnPoolControl<?>> pool = Optional.empty();
    private final AtomicLong failures = new AtomicLong();

    void watch(AsyncClientConnectionManager connections) {
        if (connections instanceof ConnPoolControl<?> watched) {
            pool = Optional.of(watched);
        }
    }

    /** So far. The client tries the next node by itself, so one more may be hidden behind an answer. */
    long failures() {
        return failures.get();
    }

    @Override
    public void onFailure(Node node) {
        failures.incrementAndGet();
        pool.ifPresent(connections -> connections.closeIdle(TimeValue.ZERO_MILLISECONDS));
    }
}
