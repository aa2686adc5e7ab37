package io.pgsync.core.affected;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.Relation;
import java.util.List;

/**
 * What the replica identity of a logged relation proves of its rows. What is not proven is unknown, and has to be looked up.
 *
 * <p>The rows of a partitioned table are logged under its name and described by its identity ({@code publish_via_partition_root}), but the
 * old values in the log are those of the partition's own identity, which may be another one: partitions do not inherit it, neither when they
 * are created nor later. Of the old row, then, only a value that is there counts, and of an update without an old row only that the primary
 * key stayed, as far as the root's identity holds it too.
 */
record IdentityProof(Relation relation, TableDefinition table) {
    private boolean isPartitioned() {
        return table.kind() == TableDefinition.Kind.PARTITIONED_TABLE;
    }

    /** Whether a null in an old row is the value; else it may stand for a column that was not logged. */
    boolean oldNullsAreValues() {
        return !isPartitioned();
    }

    /** Whether an update that carries no old row proves that these columns kept their values. */
    boolean covers(List<String> columns) {
        return columns.stream().allMatch(this::covers);
    }

    private boolean covers(String column) {
        int index = relation.indexOf(column);
        return index >= 0
                && relation.columns().get(index).partOfIdentity()
                && (!isPartitioned() || table.primaryKey().contains(column));
    }
}
