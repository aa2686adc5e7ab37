package io.pgsync.core.sink;

import io.pgsync.core.document.DocumentChange;
import java.util.List;
import java.util.stream.Stream;

/**
 * The result of a batch; every change is counted in exactly one of the three.
 *
 * @param stored written or deleted
 * @param superseded a newer version was already there
 * @param refused the engine, or before it a plugin or the source, refuses the document for its content; another try
 *     would not help
 */
public record WriteOutcome(int stored, int superseded, List<Refused> refused) {
    public WriteOutcome {
        refused = List.copyOf(refused);
    }

    /** This outcome, with changes added that were never sent to the engine. */
    public WriteOutcome withFailed(List<DocumentChange.Failed> failed) {
        if (failed.isEmpty()) {
            return this;
        }
        return new WriteOutcome(
                stored,
                superseded,
                Stream.concat(refused.stream(), failed.stream().map(Refused::unasked))
                        .toList());
    }

    /** {@code status}, {@code type} and {@code reason} are the engine's; the status is 0 if it was not asked. */
    public record Refused(DocumentChange change, int status, String type, String reason) {
        static Refused unasked(DocumentChange.Failed failed) {
            return new Refused(failed, 0, failed.type(), failed.reason());
        }
    }
}
