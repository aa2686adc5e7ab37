package io.pgsync.core.change;

/** The history to which a stream belongs: positions of another cluster or timeline have no meaning in it. */
public record SourceIdentity(String systemIdentifier, int timeline, String database, String slot) {
    /** The same slot on another timeline of its cluster. */
    SourceIdentity onTimeline(int other) {
        return new SourceIdentity(systemIdentifier, other, database, slot);
    }
}
