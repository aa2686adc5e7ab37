package io.pgsync.core.change;

/**
 * Where a source would resume, and how far its log goes.
 *
 * @param confirmed the last position that was confirmed to it as stored
 * @param written the end of its log when it was asked; no change is after it yet
 * @param isHandedOn whether the source kept what it streams in step with another server, in whose place it is now: a fail-over slot that
 *     was synchronized to a standby, which then was promoted
 */
public record SourcePosition(SourceIdentity identity, Lsn confirmed, Lsn written, boolean isHandedOn) {
    /** Of a source that is in nobody's place. */
    public SourcePosition(SourceIdentity identity, Lsn confirmed, Lsn written) {
        this(identity, confirmed, written, false);
    }

    /** The same source with another confirmed position. */
    public SourcePosition withConfirmed(Lsn position) {
        return new SourcePosition(identity, position, written, isHandedOn);
    }

    /**
     * Whether this source streams on what {@code earlier} has streamed: every change that it has, and that was not
     * confirmed to the earlier one. It may lack the last commits of the earlier one.
     */
    public boolean continues(SourceIdentity earlier) {
        return isHandedOn
                && identity.timeline() > earlier.timeline()
                && identity.equals(earlier.onTimeline(identity.timeline()));
    }
}
