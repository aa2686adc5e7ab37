package io.pgsync.replication.replica;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.replication.connection.ServerIdentity;

/**
 * What a read must show: everything that was committed before {@code position} on one timeline of one cluster. Positions of two timelines
 * cannot be compared: a standby that follows a former primary may be far ahead and lack all that counts.
 */
record RequiredPosition(String systemIdentifier, int timeline, Lsn position) {
    static RequiredPosition of(SourceIdentity source, Lsn position) {
        return new RequiredPosition(source.systemIdentifier(), source.timeline(), position);
    }

    /** Everything that was committed so far on this server. */
    static RequiredPosition now(ServerIdentity primary) {
        return new RequiredPosition(primary.systemIdentifier(), primary.timeline(), primary.currentLsn());
    }

    /** The later one; the other one if it is of another timeline. */
    RequiredPosition or(RequiredPosition next) {
        boolean isSameLog = systemIdentifier.equals(next.systemIdentifier) && timeline == next.timeline;
        return isSameLog && position.isAfter(next.position) ? this : next;
    }
}
