package io.pgsync.core.sink;

import io.pgsync.core.document.DocumentChange;
import java.util.List;

/**
 * How a batch ended; every change is in exactly one of the three.
 *
 * @param stored written or deleted
 * @param superseded a newer version was already there
 * @param rejected the engine refuses the document for what it is; trying again is of no use
 */
public record WriteOutcome(int stored, int superseded, List<Rejected> rejected) {
    public WriteOutcome {
        rejected = List.copyOf(rejected);
    }

    /** {@code status}, {@code type} and {@code reason} are the engine's. */
    public record Rejected(DocumentChange change, int status, String type, String reason) {}
}
