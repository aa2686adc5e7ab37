package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.List;

/**
 * The source refused a statement of documents, for every row and also at a second try. A comparison of the documents
 * with their tables may give a better cause; otherwise these divergences count.
 */
public final class StatementRefusedException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final transient List<Divergence> divergences;

    /** {@code divergences}: one for each document whose statement was refused. */
    public StatementRefusedException(List<Divergence> divergences, Throwable cause) {
        super(Remedy.STOP, "Documents cannot be read: " + divergences + ".", cause);
        this.divergences = List.copyOf(divergences);
    }

    /** One divergence for each document. */
    public List<Divergence> divergences() {
        return divergences;
    }
}
