package io.pgsync.runtime.report;

import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.change.Lsn;
import java.time.Instant;
import java.util.Optional;

/**
 * What the audit has found in one index: the comparison with its tables that goes on beside everything else.
 *
 * @param expected documents at the end of a round; an estimate, 0 if there is none
 * @param position every change up to here was taken into account when documents were last compared
 * @param round the round that is under way, or the last one if it has just ended
 * @param last the round before it, if there was one
 */
public record AuditStatus(long expected, Lsn position, Round round, Optional<Round> last) {
    /** Of what the process that follows the index has noted. */
    public static AuditStatus of(AuditProgress progress, long expected) {
        return new AuditStatus(
                expected,
                progress.position(),
                Round.of(progress.round()),
                progress.last().map(Round::of));
    }

    /**
     * One way through all documents of the index.
     *
     * @param began when its first documents were compared
     * @param at when its last documents were compared
     * @param compared documents that the source has
     * @param differing documents that were not stored as they must be
     * @param repaired those of them that were stored again
     * @param undecided documents that changed at each look, so that nobody can tell
     */
    public record Round(Instant began, Instant at, long compared, long differing, long repaired, long undecided) {
        private static Round of(AuditProgress.Round round) {
            return new Round(
                    round.began(),
                    round.at(),
                    round.compared(),
                    round.differing(),
                    round.repaired(),
                    round.undecided());
        }
    }
}
