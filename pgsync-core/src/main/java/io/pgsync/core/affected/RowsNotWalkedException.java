package io.pgsync.core.affected;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import java.util.List;

/** The source fails to walk up from some rows, even from each alone. The roots of all other rows were given before. */
public final class RowsNotWalkedException extends SyncException {
    private static final long serialVersionUID = 1L;

    private final transient List<List<String>> rows;

    /** {@code rows}: the keys of the question, each in the order of the role's columns. */
    public RowsNotWalkedException(PathToRoot path, List<List<String>> rows) {
        super(
                Remedy.STOP,
                "The documents of index \"%s\" that show %d rows of \"%s\" cannot be found by SQL."
                        .formatted(
                                path.tree().index(), rows.size(), path.start().name()));
        this.rows = List.copyOf(rows);
    }

    /** The rows, in the form of the question. */
    public List<List<String>> rows() {
        return rows;
    }
}
