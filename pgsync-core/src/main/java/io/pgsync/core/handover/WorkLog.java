package io.pgsync.core.handover;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.failure.Finding;
import java.util.List;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Port: a durable log of the roots of one source's changes that wait to be read and stored. What it holds need not be kept by the source. */
public interface WorkLog {
    /** What its owner, whoever that is, has recorded, and what waits. Changes nothing. */
    Mono<LogLook> look();

    /** What must be corrected before it can be owned, and what should be. Changes nothing; fails if nobody answers. */
    Mono<List<Finding>> examine();

    /**
     * Becomes the owner; nothing that an earlier one records counts from then on. The source must be held already, so that there is no other owner
     * that is right.
     *
     * @param leastGeneration that of the owner, unless the log knows a greater one already
     * @param stored is told the positions that {@link OwnedWorkLog#mark} was given, once everything before them is stored; on threads of the log
     */
    Mono<OwnedWorkLog> own(long leastGeneration, Consumer<Lsn> stored);

    /** Removes it with all that it holds. Nobody may own it; completes too if there is none. */
    Mono<Void> remove();
}
