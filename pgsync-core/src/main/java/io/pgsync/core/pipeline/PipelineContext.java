package io.pgsync.core.pipeline;

import io.pgsync.core.handover.WorkLog;
import java.util.Optional;
import reactor.core.scheduler.Scheduler;

/**
 * How a pipeline runs. {@code timer} drives windows, checkpoints and back-off; no stage blocks it.
 *
 * @param log in which the roots wait that are to be read; empty if they wait in memory
 */
public record PipelineContext(
        PipelineSettings settings,
        PipelineListener listener,
        Scheduler timer,
        NothingLeft nothingLeft,
        Optional<WorkLog> log) {
    /** With roots that wait in memory. */
    public PipelineContext(
            PipelineSettings settings, PipelineListener listener, Scheduler timer, NothingLeft nothingLeft) {
        this(settings, listener, timer, nothingLeft, Optional.empty());
    }

    /** For a process with only one source. */
    public PipelineContext(PipelineSettings settings, PipelineListener listener, Scheduler timer) {
        this(settings, listener, timer, NothingLeft.ENDS);
    }
}
