package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.List;

/**
 * Indexes differ from their tables. It ends the run; once the states record it, the next run follows what
 * {@link Divergence.Effect} allows. Code that throws it for a kind that is still followed must not find the same
 * divergence again in the next run.
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
