package io.pgsync.runtime.setup;

import io.pgsync.core.change.TableName;
import io.pgsync.runtime.config.PgsyncConfig;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import java.util.Collection;
import java.util.Set;

/**
 * How a source is set up: what is done about replica identities, which tables may be without one, and which kind of slot it gets.
 *
 * @param insertOnly tables on which the user accepts that the server refuses UPDATE and DELETE
 * @param failover whether standbys may keep a new slot in step
 */
public record SourceChoice(ReplicaIdentityMode identities, Set<TableName> insertOnly, boolean failover) {
    public SourceChoice {
        insertOnly = Set.copyOf(insertOnly);
    }

    /** Replica identities as asked for, the rest as configured. */
    public static SourceChoice of(ReplicaIdentityMode identities, PgsyncConfig config) {
        return new SourceChoice(identities, config.insertOnly(), config.failover());
    }

    /** Those of {@code tables} that may be without a replica identity before the choice is applied. */
    public Set<TableName> excused(Collection<TableName> tables) {
        return identities == ReplicaIdentityMode.FULL ? Set.copyOf(tables) : insertOnly;
    }
}
