package io.pgsync.core.pipeline;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.sink.WriteOutcome;
import java.util.Optional;

/** Watches a pipeline. Called on its threads: return at once, do not block. */
public interface PipelineListener {
    /** Ignores everything. */
    PipelineListener NONE = new PipelineListener() {};

    /** The pipeline owns its indexes and follows from {@code position}. */
    default void started(long generation, Lsn position) {}

    /**
     * The source is another server in the place of an earlier one, and the log goes on from {@code position}. Positions that were told before
     * belong to another log. Called before {@link #started}.
     */
    default void handedOn(SourceIdentity source, Lsn position) {}

    /** Changes came in. */
    default void received(int changes) {}

    /** Documents were written, by the stream or by a load. */
    default void written(String index, WriteOutcome outcome) {}

    /** A load made progress, or ended. */
    default void loaded(String index, BackfillProgress progress) {}

    /** Everything up to here can be read. Called immediately, by several threads, and not always in order. */
    default void stored(Lsn position) {}

    /** What is under way; several times a second. */
    default void progressed(PipelineProgress progress) {}

    /** Everything up to here is stored, recorded, and confirmed to the source. */
    default void acknowledged(Lsn position) {}

    /** An index has a divergence or, if empty, none is known; called at every start of a run. */
    default void diverged(String index, Optional<Diverged> found) {}

    /** No document is followed, and the log of the source is lost: the process can only wait for a person. */
    default void withoutLog(SyncException failure) {}

    /** The pipeline failed and starts again after a pause. */
    default void retrying(SyncException failure) {}
}
