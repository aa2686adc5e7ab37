package io.pgsync.elasticsearch;

import co.elastic.clients.transport.rest5_client.low_level.Node;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import java.util.Optional;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.core5.pool.ConnPoolControl;
import org.apache.hc.core5.util.TimeValue;

/**
 * Closes the idle connections when a request gets no answer. What made one connection half-open (a firewall that forgot
 * it, a node that vanished) did so to all, and each would cost another timeout before it is noticed. Called on the
 * client's I/O thread.
 */
final class SuspectConnections extends Rest5Client.FailureListener {
    private volatile Optional<ConnPoolControl<?>> pool = Optional.empty();

    void watch(AsyncClientConnectionManager connections) {
        if (connections instanceof ConnPoolControl<?> watched) {
            pool = Optional.of(watched);
        }
    }

    @Override
    public void onFailure(Node node) {
        pool.ifPresent(connections -> connections.closeIdle(TimeValue.ZERO_MILLISECONDS));
    }
}
