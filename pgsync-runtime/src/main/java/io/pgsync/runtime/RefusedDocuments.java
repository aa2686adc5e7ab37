package io.pgsync.runtime;

import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.RefusedSelection;
import io.pgsync.runtime.refused.RefusedRecords;
import io.pgsync.runtime.refused.RefusedRetries;
import io.pgsync.runtime.report.RefusedOfIndex;
import io.pgsync.runtime.report.RetryOutcome;
import io.pgsync.runtime.report.RunListener;
import io.pgsync.runtime.source.Resources;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * The documents of a schema file that were refused and not stored after that, from any machine. Publishers are cold, as
 * those of {@link Pgsync}.
 */
public final class RefusedDocuments {
    private final PgsyncConfig config;

    RefusedDocuments(PgsyncConfig config) {
        this.config = config;
    }

    private static RefusedSelection placed(Resources resources, RefusedSelection selection) {
        return new RefusedSelection(
                resources.placed().indexesOf(selection.indexes()), selection.ids(), selection.type());
    }

    /** Those of the selection, for each index that has any. Asks only the engine. */
    public Mono<List<RefusedOfIndex>> list(RefusedSelection selection) {
        return Resources.during(
                config,
                resources -> Mono.defer(() -> RefusedRecords.of(resources).list(placed(resources, selection))));
    }

    /**
     * Reads the rows of these documents again and sends them: in the process that follows them, or in this one if there
     * is none.
     */
    public Mono<List<RetryOutcome>> retry(RefusedSelection selection) {
        return retry(selection, Mono.never(), RunListener.NONE);
    }

    /**
     * As {@link #retry(RefusedSelection)}, but ends when {@code stop} signals, which must replay its signal. The order
     * then remains for the process that follows, or for the next run.
     */
    public Mono<List<RetryOutcome>> retry(RefusedSelection selection, Mono<Void> stop, RunListener listener) {
        return Resources.during(
                config, resources -> new RefusedRetries(resources, placed(resources, selection)).run(stop, listener));
    }

    /**
     * Removes records, and gives their number. The documents stay as they are, missing or older than their rows, until a
     * row of theirs changes or they are tried again; until then they take part in searches as before.
     */
    public Mono<Long> forget(RefusedSelection selection) {
        return Resources.during(
                config,
                resources -> Mono.defer(() -> RefusedRecords.of(resources).forget(placed(resources, selection))));
    }
}
