package io.pgsync.core.pipeline;

import java.time.Instant;
import java.util.Optional;

/**
 * What a pipeline has under way.
 *
 * @param committedAt when the last change that is stored was committed, by the source's clock; empty before the first
 * @param waitingRoots roots that wait to be read
 * @param openParts parts of the stream that are not finished, or wait for one that is not
 */
public record PipelineProgress(Optional<Instant> committedAt, int waitingRoots, int openParts) {}
