package io.pgsync.core.pipeline;

import io.pgsync.core.handover.Backlog;
import java.time.Instant;
import java.util.Optional;

/**
 * What a pipeline has under way.
 *
 * @param committedAt the commit time of the last stored change, by the source's clock; empty before the first
 * @param waitingRoots the number of roots that wait to be read
 * @param openParts the number of parts of the stream that are unfinished, or come after an unfinished one
 * @param log what waits in the log of work; empty without one
 */
public record PipelineProgress(Optional<Instant> committedAt, int waitingRoots, int openParts, Optional<Backlog> log) {
    /** Without a log of work. */
    public PipelineProgress(Optional<Instant> committedAt, int waitingRoots, int openParts) {
        this(committedAt, waitingRoots, openParts, Optional.empty());
    }
}
