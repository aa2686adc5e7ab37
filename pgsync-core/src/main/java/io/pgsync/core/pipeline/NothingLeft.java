package io.pgsync.core.pipeline;

import reactor.core.publisher.Mono;

/**
 * Port: decides what happens to a source of which every document is set aside. A process that also follows other
 * sources goes on with those.
 */
@FunctionalInterface
public interface NothingLeft {
    /** The process ends, because there is no other source. */
    NothingLeft ENDS = Mono::error;

    /**
     * Called at every start of a run that finds no document to follow. Completes if the source goes on without
     * documents, which releases its log; fails if the process must end.
     */
    Mono<Void> after(NothingLeftException failure);

    /** A run has documents to follow. */
    default void isOver() {}
}
