package io.pgsync.torture.fault;

import io.pgsync.torture.process.Daemon;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Another index takes the place of the tree's, gives it back, takes it again, and the former one is given up; all of that
 * while everything else goes on. A command that other faults end is given again.
 */
final class Reindexing implements AutoCloseable {
    private static final List<List<String>> ORDERS =
            List.of(List.of(), List.of("--rollback"), List.of(), List.of("--finish"));

    private final Daemon daemon;
    private final Errand errand;
    private int done;

    Reindexing(Daemon daemon) {
        this.daemon = daemon;
        this.errand = new Errand(daemon, "reindex");
    }

    /** False while the last order is under way. */
    boolean goOn() throws IOException {
        if (errand.isUnderWay()) {
            return false;
        }
        settle();
        var options = new ArrayList<>(List.of("--document", daemon.index()));
        options.addAll(ORDERS.get(done % ORDERS.size()));
        errand.begin(options);
        return true;
    }

    /** Waits for the last order; the daemon must run, and nothing be wrong with the servers. */
    void settle() {
        errand.end().filter(outcome -> outcome.code() == 0).ifPresent(outcome -> done++);
    }

    @Override
    public void close() {
        errand.close();
    }
}
