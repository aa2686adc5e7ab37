package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.List;

/**
 * Indexes were found not to be what their tables say. It ends the run; once the states tell of it, the next run goes on with what
 * {@link Divergence.Effect} leaves to follow. Whoever throws it for a kind that is followed must not find the same again in the next run.
 */
public final class DivergenceException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final transient List<Divergence> divergences;

    /** {@code divergences}: what was found, at least one. */
    public DivergenceException(List<Divergence> divergences) {
        super(Remedy.RETRY, "Documents part from their tables: " + divergences + ".");
        this.divergences = List.copyOf(divergences);
    }

    /** What was found, at least one. */
    public List<Divergence> divergences() {
        return divergences;
    }
}
