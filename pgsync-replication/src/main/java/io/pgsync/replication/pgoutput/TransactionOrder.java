package io.pgsync.replication.pgoutput;

import io.pgsync.core.change.ChangeEvent.Begin;
import io.pgsync.core.change.ChangeEvent.Commit;
import io.pgsync.core.change.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * Checks what acknowledgement relies on: transactions come as a whole, one after the other, in the order of their
 * commits.
 */
final class TransactionOrder {
    private Lsn lastEnd = Lsn.ZERO;
    private @Nullable Begin open;

    void begin(Begin begin) {
        if (open != null) {
            throw new ProtocolViolation("Begin inside the transaction that commits at " + open.finalLsn());
        }
        if (lastEnd.isAfter(begin.finalLsn())) {
            throw new ProtocolViolation(
                    "a transaction that commits at " + begin.finalLsn() + " behind one that ended at " + lastEnd);
        }
        open = begin;
    }

    void inTransaction(String what) {
        if (open == null) {
            throw new ProtocolViolation(what + " outside of a transaction");
        }
    }

    void commit(Commit commit) {
        Begin begun = open;
        if (begun == null) {
            throw new ProtocolViolation("Commit at " + commit.commitLsn() + " without Begin");
        }
        if (!begun.finalLsn().equals(commit.commitLsn())) {
            throw new ProtocolViolation(
                    "Commit at " + commit.commitLsn() + " where Begin promised " + begun.finalLsn());
        }
        if (!commit.endLsn().isAfter(commit.commitLsn())) {
            throw new ProtocolViolation("Commit at " + commit.commitLsn() + " that ends at " + commit.endLsn());
        }
        lastEnd = commit.endLsn();
        open = null;
    }

    /** The position of the stream, for messages. */
    String position() {
        Begin begun = open;
        return begun == null ? "after " + lastEnd : "in the transaction that commits at " + begun.finalLsn();
    }
}
