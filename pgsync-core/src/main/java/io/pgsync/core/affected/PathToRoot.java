package io.pgsync.core.affected;

import io.pgsync.core.schema.ColumnPair;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.TableDefinition;
import java.util.List;

/**
 * The way from one role of a table in a tree up to the root: the joins to walk, lowest first. A table has one path for every place where
 * it stands in the tree; the root's own path has no steps.
 *
 * @param metaColumns the columns under which {@code _meta.<metaTable>} lists rows of this role
 */
public record PathToRoot(
        DocumentTree tree, TableDefinition start, List<Step> steps, String metaTable, List<String> metaColumns) {
    public PathToRoot {
        steps = List.copyOf(steps);
        metaColumns = List.copyOf(metaColumns);
    }

    /** One join, from the lower table to the upper. */
    public record Step(TableDefinition lower, TableDefinition upper, List<ColumnPair> pairs) {
        public Step {
            pairs = List.copyOf(pairs);
        }
    }

    public boolean isRoot() {
        return steps.isEmpty();
    }

    /** The columns of {@link #start} that decide to which upper rows, and so to which roots, a row belongs. */
    public List<String> linkColumns() {
        return isRoot()
                ? tree.root().key()
                : steps.get(0).pairs().stream().map(ColumnPair::lower).toList();
    }
}
