package io.pgsync.core.affected;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.Relation;
import java.util.List;

/**
 * What the replica identity of a logged relation proves about its rows. What is not proven is unknown, and must be
 * looked up.
 *
 * <p>The rows of a partitioned table are logged under its name and described by its identity
 * ({@code publish_via_partition_root}). But the old values in the log follow the identity of the partition, which may
 * be another one, because partitions do not inherit it, neither when they are created nor later. So of an old row only
 * values that are present count. An update without an old row proves only that the primary key stayed the same, as far
 * as the root's identity has it too.
 */
record IdentityProof(Relation relation, TableDefinition table) {
    private boolean isPartitioned() {
        return table.kind() == TableDefinition.Kind.PARTITIONED_TABLE;
    }

    /** Whether a null in an old row is a value. Otherwise it may stand for a column that was not logged. */
    boolean oldNullsAreValues() {
        return !isPartitioned();
    }

    /** Whether an update without an old row proves that these columns kept their values. */
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
