package io.pgsync.replication.stream;

import io.pgsync.core.change.Lsn;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Port: carries the messages of one slot over one connection, and sends positions back. It holds the slot from its
 * creation until it is closed.
 */
interface ReplicationTransport {
    /**
     * The messages in order, for one subscriber, on a thread that may be blocked without harm to the connection.
     * Completes only after {@link #close}; if the server ends the stream, that is an error.
     */
    Flux<WalMessage> messages();

    /** Frees {@code bytes} of messages ({@link WalMessage#footprint()}) that were taken and are no longer needed. */
    void release(long bytes);

    /** Reports {@code flushed} with the next status update. Safe from any thread. */
    void confirm(Lsn flushed);

    /** Ends the stream and releases the slot; messages under way are read and dropped. Never fails. */
    Mono<Void> close();
}
