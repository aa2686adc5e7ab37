package io.pgsync.core.tree;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.TableDefinition;
import java.util.List;

/**
 * One step of a join: rows of the lower table belong to the rows of the upper table that have equal columns in all
 * pairs.
 */
public record JoinStep(TableDefinition lower, TableDefinition upper, List<ColumnPair> pairs) {
    public JoinStep {
        pairs = List.copyOf(pairs);
    }

    /** The columns of the pairs in the lower table. */
    public List<String> lowerColumns() {
        return pairs.stream().map(ColumnPair::lower).toList();
    }

    /** The columns of the pairs in the upper table. */
    public List<String> upperColumns() {
        return pairs.stream().map(ColumnPair::upper).toList();
    }
}
