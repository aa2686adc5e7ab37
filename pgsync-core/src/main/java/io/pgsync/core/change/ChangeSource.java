package io.pgsync.core.change;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Port: supplies the committed changes of one database in commit order, at least once. */
public interface ChangeSource {
    /** The position at which {@link #changes()} starts. */
    SourcePosition position();

    /**
     * The changes after the last acknowledged position. Cold, for one subscriber, endless: a completion is a fault.
     * Demand is honoured up to the socket, and a stalled subscriber keeps its connection. Cancelling stops delivery,
     * but acknowledging is still possible.
     */
    Flux<ChangeEvent> changes();

    /**
     * Releases events of {@link #changes()} with a footprint of {@code bytes} ({@link ChangeEvent#footprint()}) to
     * which nobody refers any longer. A source bounds the memory of its events and gives no more while the bound is
     * reached, so every event must be released.
     */
    default void release(long bytes) {}

    /**
     * Confirms that everything up to {@code end} (a {@link ChangeEvent.Commit#endLsn()}) is stored; the server may then
     * discard the log before it. {@code end} must not go backwards. Completes when it is queued for the next status
     * update.
     */
    Mono<Void> acknowledge(Lsn end);

    /**
     * Shows processes that wait for the source that this reader lives, as long as it is subscribed. Never completes; fails when another reader
     * has taken its place.
     */
    default Mono<Void> keep() {
        return Mono.never();
    }

    /** Makes sure that the last acknowledgement was sent, then releases the source for another reader. */
    Mono<Void> close();
}
