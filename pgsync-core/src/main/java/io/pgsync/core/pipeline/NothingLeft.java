package io.pgsync.core.pipeline;

import reactor.core.publisher.Mono;

/** Port: what becomes of a source of which every document is set aside. A process that follows others too goes on with those. */
@FunctionalInterface
public interface NothingLeft {
    /** The process ends: there is no other source. */
    NothingLeft ENDS = Mono::error;

    /**
     * Asked at every start of a run that finds no document to follow. Completes when the source is kept without documents, which lets its
     * log go; fails when the process has to end.
     */
    Mono<Void> after(NothingLeftException failure);

    /** A run has documents to follow. */
    default void isOver() {}
}
