package io.pgsync.core.pipeline;

import reactor.core.scheduler.Scheduler;

/** How a pipeline runs. {@code timer} drives windows, checkpoints and back-off; no stage blocks it. */
public record PipelineContext(
        PipelineSettings settings, PipelineListener listener, Scheduler timer, NothingLeft nothingLeft) {
    /** For a process with only one source. */
    public PipelineContext(PipelineSettings settings, PipelineListener listener, Scheduler timer) {
        this(settings, listener, timer, NothingLeft.ENDS);
    }
}
