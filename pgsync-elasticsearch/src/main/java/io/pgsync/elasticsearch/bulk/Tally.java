package io.pgsync.elasticsearch.bulk;

import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Refused;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Counts the results of one batch's changes. A change is stored or superseded as its decisive item is. It is refused if
 * any of its items is: after a refused tombstone, an old copy may remain. Used by one write, whose deliveries follow
 * one another.
 */
final class Tally {
    private final List<Refused> refusals = new ArrayList<>();
    private final Set<DocumentChange> refused = identities();
    private final Set<DocumentChange> stored = identities();
    private final Set<DocumentChange> superseded = identities();

    private static Set<DocumentChange> identities() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    void stored(BulkItem item) {
        settled(item, stored);
    }

    private static void settled(BulkItem item, Set<DocumentChange> changes) {
        if (item.isDecisive()) {
            changes.add(item.cause());
        }
    }

    void refused(BulkItem item, int status, String type, String reason) {
        refused(new Refused(item.cause(), status, type, reason));
    }

    void settled(BulkItem item, ItemOutcome outcome, BulkAnswer.Item answer) {
        switch (outcome) {
            case STORED -> stored(item);
            case SUPERSEDED -> settled(item, superseded);
            default -> refused(item, answer.status(), answer.type(), answer.reason());
        }
    }

    void refused(Refused refusal) {
        if (refused.add(refusal.change())) {
            refusals.add(refusal);
        }
    }

    boolean isRefused(DocumentChange change) {
        return refused.contains(change);
    }

    WriteOutcome outcome() {
        stored.removeAll(refused);
        superseded.removeAll(refused);
        return new WriteOutcome(stored.size(), superseded.size(), refusals);
    }
}
