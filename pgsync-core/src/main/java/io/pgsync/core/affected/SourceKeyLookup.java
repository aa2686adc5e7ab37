package io.pgsync.core.affected;

import java.util.List;
import reactor.core.publisher.Flux;

/** Port: walks from rows of a table up to the roots, in the source's current state. */
public interface SourceKeyLookup {
    /** Where a walk starts. */
    enum Start {
        /** The values are those of {@link PathToRoot#linkColumns()}; the row itself need not exist. */
        LINK,
        /** The values are the row's primary key; its link is read from the row as it is now. */
        KEY
    }

    /**
     * The keys of the roots above the given rows, some perhaps twice, in no order. One statement, so one snapshot,
     * unless a row makes it fail; demand is honoured. If the source fails on some rows, fails with
     * {@link RowsNotWalkedException} after the roots of the other rows.
     *
     * @param values a list for each row, in the order of the columns that {@code start} names; never empty, without
     *     nulls
     */
    Flux<RootKey> rootsAbove(PathToRoot path, Start start, List<List<String>> values);
}
