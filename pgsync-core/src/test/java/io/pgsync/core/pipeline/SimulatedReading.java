package io.pgsync.core.pipeline;

import java.util.TreeSet;

/** What one owner has sent to, taken from and committed of a partition of a {@link SimulatedLog}. */
final class SimulatedReading {
    private final TreeSet<Integer> done = new TreeSet<>();
    private int next;
    private int prefix;
    private int committed;
    private int sent;
    private int arrived;

    SimulatedReading(int committed) {
        this.next = committed;
        this.prefix = committed;
        this.committed = committed;
    }

    /** Of a record that is sent now. */
    int turn() {
        return sent++;
    }

    /** Records of one producer arrive in the order in which they were sent: false if others must come first. */
    boolean arrives(int turn) {
        if (arrived < turn) {
            return false;
        }
        arrived++;
        return true;
    }

    /** The offset of the record that is taken next. */
    int next() {
        return next;
    }

    /** Takes it. */
    int take() {
        return next++;
    }

    /** The record is done. Gives the offset before which all are. */
    int done(int offset) {
        done.add(offset);
        while (done.remove(prefix)) {
            prefix++;
        }
        return prefix;
    }

    int prefix() {
        return prefix;
    }

    /** False if as much is committed already. */
    boolean commit(int upTo) {
        if (upTo <= committed) {
            return false;
        }
        committed = upTo;
        return true;
    }

    int committed() {
        return committed;
    }
}
