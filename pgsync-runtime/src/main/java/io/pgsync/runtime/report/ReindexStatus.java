package io.pgsync.runtime.report;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import java.time.Instant;
import java.util.Optional;

/**
 * A reindex of a document.
 *
 * @param name as the schema file has it
 * @param index the one that the name stands for
 * @param other the one that is followed beside it, or is being prepared
 * @param keptUntil when the former index is given up; empty unless it was replaced
 * @param trouble why the other index does not take the place
 */
public record ReindexStatus(
        String name,
        String index,
        String other,
        Phase phase,
        Instant began,
        Optional<Instant> keptUntil,
        Optional<String> trouble) {
    /** Empty if there is none. */
    public static Optional<ReindexStatus> of(Placement placement) {
        return placement.reindex().map(now -> of(placement, now));
    }

    private static ReindexStatus of(Placement placement, Reindex now) {
        return new ReindexStatus(
                placement.name(),
                placement.index(),
                now.other(),
                now.phase(),
                now.began(),
                now.replaced().map(at -> at.plus(now.keep())),
                now.trouble());
    }

    /** What goes on, in words. */
    public String words() {
        String words = switch (phase) {
            case PREPARING -> "index %s is being created beside %s".formatted(other, index);
            case MOVING -> "index %s is being moved behind an alias, for %s".formatted(index, other);
            case LOADING -> "index %s is to take the place of %s".formatted(other, index);
            case REPLACED ->
                "%s has taken the place of %s".formatted(index, other)
                        + keptUntil
                                .map(until -> ", which is kept until " + until)
                                .orElse("");
            case ROLLED_BACK -> "%s has its place again; %s is followed on".formatted(index, other);
        };
        return words + trouble.map(why -> ", but not yet: " + why).orElse("");
    }
}
