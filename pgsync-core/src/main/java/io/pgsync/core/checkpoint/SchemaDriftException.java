package io.pgsync.core.checkpoint;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaDrift;
import java.util.List;

/** Tables do not fit their documents any more. Once the documents are set aside, the next run follows the others. */
public final class SchemaDriftException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final transient List<SchemaDrift> drifts;

    public SchemaDriftException(List<SchemaDrift> drifts) {
        super(Remedy.RETRY, "The tables changed under the documents: " + drifts + ".");
        this.drifts = List.copyOf(drifts);
    }

    public List<SchemaDrift> drifts() {
        return drifts;
    }
}
