package io.pgsync.replication.stream;

import io.pgsync.core.change.Lsn;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Port: carries one slot's messages over one connection, and positions back. It holds the slot from when it exists until closed. */
interface ReplicationTransport {
    /**
     * The messages in order, for one subscriber, delivered on a thread that may be held up without harm to the connection. Completes
     * only after {@link #close}; a server that ends the stream is an error.
     */
    Flux<WalMessage> messages();

    /** So many bytes of messages ({@link WalMessage#footprint()}) that were taken are of no more use. */
    void release(long bytes);

    /** Reports {@code flushed} with the next status update. Safe from any thread. */
    void confirm(Lsn flushed);

    /** Ends the stream and frees the slot; what is under way is read and dropped. Never fails. */
    Mono<Void> close();
}
