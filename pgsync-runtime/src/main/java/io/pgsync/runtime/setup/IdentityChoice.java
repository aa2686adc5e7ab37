package io.pgsync.runtime.setup;

import io.pgsync.core.change.TableName;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import java.util.Collection;
import java.util.Set;

/**
 * What is done about replica identities, and which tables may be without one.
 *
 * @param insertOnly tables on which the user accepts that the server refuses UPDATE and DELETE
 */
public record IdentityChoice(ReplicaIdentityMode mode, Set<TableName> insertOnly) {
    public IdentityChoice {
        insertOnly = Set.copyOf(insertOnly);
    }

    /** Those of {@code tables} that may be without a replica identity before the choice is applied. */
    public Set<TableName> excused(Collection<TableName> tables) {
        return mode == ReplicaIdentityMode.FULL ? Set.copyOf(tables) : insertOnly;
    }
}
