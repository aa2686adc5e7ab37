package io.pgsync.core.pipeline;

import io.pgsync.core.affected.AffectedRoots;
import io.pgsync.core.affected.IndexSearches;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.InOrderAcknowledger.Part;
import reactor.core.publisher.Mono;

/**
 * The way of one run's roots from those who find them to those who read and store their documents: through the memory of the process, or through
 * a log that outlives it. Safe from any thread.
 */
interface Handover {
    /**
     * Hands over roots of {@code part}, whose oldest change was committed at {@code change}. Completes when there was room for them; the part is
     * told of each as soon as the source need not keep the change for it any longer.
     */
    Mono<Void> offer(Part part, Lsn change, AffectedRoots affected);

    /** What becomes of a search for documents that hold a row of a change. */
    IndexSearches searches();

    /** Reads and stores what was handed over; ends after {@link #close}, when all of it that was begun is stored. */
    Mono<Void> store();

    /** Nothing is offered from now on. */
    void close();

    /** How many roots wait in this process. */
    int waiting();
}
