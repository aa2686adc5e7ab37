package io.pgsync.elasticsearch;

import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.core.sink.WriteOutcome.Rejected;
import java.util.ArrayList;
import java.util.List;

/** Counts how the changes of one batch ended; items that decide nothing are passed over. Confined to its delivery. */
final class Tally {
    private final List<Rejected> rejected = new ArrayList<>();
    private int stored;
    private int superseded;

    void stored(BulkItem item) {
        stored += item.isDecisive() ? 1 : 0;
    }

    void rejected(BulkItem item, int status, String type, String reason) {
        if (item.isDecisive()) {
            rejected.add(new Rejected(item.change(), status, type, reason));
        }
    }

    void settled(BulkItem item, ItemOutcome outcome, BulkAnswer.Item answer) {
        switch (outcome) {
            case STORED -> stored(item);
            case SUPERSEDED -> superseded += item.isDecisive() ? 1 : 0;
            default -> rejected(item, answer.status(), answer.type(), answer.reason());
        }
    }

    void rejected(Rejected change) {
        rejected.add(change);
    }

    WriteOutcome outcome() {
        return new WriteOutcome(stored, superseded, rejected);
    }
}
