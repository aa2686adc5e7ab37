package io.pgsync.core.pipeline;

import io.pgsync.core.refusal.RefusedLimit;
import java.time.Duration;

/**
 * The bounds of one pipeline. Each buffer between two stages has one of them.
 *
 * @param window how changes are grouped
 * @param batch how documents are grouped to be read and written
 * @param backfill how an index is loaded
 * @param pendingRoots roots that may wait to be read, for each index and lane
 * @param checkpointInterval how often what is stored is recorded and acknowledged
 * @param refused the share of refused documents above which an index is set aside
 */
public record PipelineSettings(
        Window window,
        Batch batch,
        Load backfill,
        int pendingRoots,
        Duration checkpointInterval,
        RefusedLimit refused) {
    /** The settings of the command. */
    public static final PipelineSettings DEFAULT = new PipelineSettings(
            new Window(2_000, 32),
            new Batch(1_000, 4 << 20, 3),
            // Two requests keep an engine busy, while a third run is being read.
            new Load(1_000, 3),
            20_000,
            Duration.ofMillis(500),
            RefusedLimit.STANDARD);

    /**
     * A window of changes.
     *
     * @param events the greatest number of events
     * @param inFlight windows whose roots are being looked up at the same time
     */
    public record Window(int events, int inFlight) {}

    /**
     * A batch of documents.
     *
     * @param roots the greatest number of roots that one statement reads
     * @param bytes the approximate bytes of documents that one request writes
     * @param inFlight batches being read or written at the same time
     */
    public record Batch(int roots, int bytes, int inFlight) {}

    /**
     * A load.
     *
     * @param chunk roots read by one statement
     * @param readers statements running at the same time
     */
    public record Load(int chunk, int readers) {}
}
