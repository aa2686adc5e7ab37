package io.pgsync.core.audit;

import io.pgsync.core.change.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How far the audit of an index has come. It compares the documents of the index with their tables in small parts, in
 * rounds: a round leads through all roots and all stored documents, and the next one begins at its end.
 *
 * @param indexUuid the engine's identifier of the index that was looked at
 * @param fingerprint fingerprint of the definition of its documents
 * @param place where the next part begins
 * @param position every change up to here was taken into account when the last part was compared
 * @param round the round that is under way
 * @param last the round before it, if there was one
 */
public record AuditProgress(
        String indexUuid, String fingerprint, Place place, Lsn position, Round round, Optional<Round> last) {
    /** Before the first part of the first round. */
    public static AuditProgress start(String indexUuid, String fingerprint, long lastWrite, Instant now) {
        return new AuditProgress(
                indexUuid, fingerprint, Place.start(lastWrite), Lsn.ZERO, Round.begun(now), Optional.empty());
    }

    /** Whether it is of this index with documents of this definition; otherwise its place leads nowhere. */
    public boolean isOf(String uuid, String definition) {
        return indexUuid.equals(uuid) && fingerprint.equals(definition);
    }

    /** Before the first part of the next round. */
    public AuditProgress nextRound(long lastWrite, Instant now) {
        return new AuditProgress(
                indexUuid, fingerprint, Place.start(lastWrite), position, Round.begun(now), Optional.of(round));
    }

    /** After one more part, which ends at {@code next}. */
    public AuditProgress at(Place next, Lsn reached, Round now) {
        return new AuditProgress(indexUuid, fingerprint, next, reached, now, last);
    }

    /**
     * A place in a round.
     *
     * @param lastKey every root up to this key was compared; empty at the start
     * @param isBehindRoots whether all roots were compared
     * @param nextWrite every document with a smaller write number was looked at; the engine gives each write one
     * @param lastWrite the greatest write number at the start of the round: what is written later is no part of it
     */
    public record Place(Optional<List<String>> lastKey, boolean isBehindRoots, long nextWrite, long lastWrite) {
        /** The start of a round. */
        public static Place start(long lastWrite) {
            return new Place(Optional.empty(), false, 0, lastWrite);
        }

        /** Behind one more range of roots; {@code key} is its end, which the last range does not have. */
        public Place behindRoots(Optional<List<String>> key) {
            return new Place(key.or(() -> lastKey), key.isEmpty(), nextWrite, lastWrite);
        }

        /** Behind one more page of stored documents. */
        public Place behindWrites(long next) {
            return new Place(lastKey, isBehindRoots, next, lastWrite);
        }

        /** Whether all stored documents were looked at. */
        public boolean isBehindWrites() {
            return nextWrite > lastWrite;
        }

        /** Whether the round is over. */
        public boolean isEnd() {
            return isBehindRoots && isBehindWrites();
        }
    }

    /**
     * What one round has found so far.
     *
     * @param began when its first part was compared
     * @param at when its last part was compared
     * @param compared documents that the source has
     * @param differing documents that were not stored as they must be
     * @param repaired those of them that were stored again
     * @param undecided documents that changed at each look, so that nobody can tell
     */
    public record Round(Instant began, Instant at, long compared, long differing, long repaired, long undecided) {
        static Round begun(Instant now) {
            return new Round(now, now, 0, 0, 0, 0);
        }

        /** With what one more part found. */
        public Round plus(Instant now, long moreCompared, long moreDiffering, long moreRepaired, long moreUndecided) {
            return new Round(
                    began,
                    now,
                    compared + moreCompared,
                    differing + moreDiffering,
                    repaired + moreRepaired,
                    undecided + moreUndecided);
        }

        /** Documents that differ still. */
        public long remaining() {
            return differing - repaired;
        }
    }
}
