package io.pgsync.core.change;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Port: supplies the committed changes of one database in commit order, at least once. */
public interface ChangeSource {
    /** Where {@link #changes()} starts. */
    SourcePosition position();

    /**
     * The changes after the last acknowledged position. Cold, for one subscriber, endless: a completion is a fault. Demand is honoured
     * up to the socket, a stalled subscriber keeps its connection. Cancelling stops delivery but not the ability to acknowledge.
     */
    Flux<ChangeEvent> changes();

    /**
     * Nobody refers any more to events of {@link #changes()} that kept {@code bytes} ({@link ChangeEvent#footprint()}). A source bounds
     * what its events keep, and gives no more of them while the bound is reached: what is taken has to be released.
     */
    default void release(long bytes) {}

    /**
     * Confirms that everything up to {@code end} (a {@link ChangeEvent.Commit#endLsn()}) is stored; the server may then discard the
     * log before it. Must not go backwards. Completes when it is queued for the next status update.
     */
    Mono<Void> acknowledge(Lsn end);

    /** Makes sure that the last acknowledgement has left, then releases the source for another reader. */
    Mono<Void> close();
}
