package io.pgsync.torture.fault;

import io.pgsync.torture.process.Daemon;
import io.pgsync.torture.process.Daemon.Outcome;
import io.pgsync.torture.report.TortureFailure;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Documents are refused for a while, and tried again when nothing speaks against them any more. */
final class Retrying implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NONE = "[]";

    private final Daemon daemon;
    private final Misfit misfit;
    private final Errand errand;
    private boolean mayLeaveRecords;

    Retrying(Daemon daemon, Misfit misfit) {
        this.daemon = daemon;
        this.misfit = misfit;
        this.errand = new Errand(daemon, "refused retry");
    }

    /** False where no document was refused, and while others are tried again. */
    boolean goOn() throws IOException, SQLException {
        if (errand.isUnderWay()) {
            return false;
        }
        errand.end();
        var isRefused = refusesSome();
        if (isRefused) {
            mayLeaveRecords = true;
            errand.begin(List.of());
        }
        return isRefused;
    }

    private boolean refusesSome() throws IOException, SQLException {
        var before = daemon.refusals();
        Optional<String> index = misfit.begin();
        if (index.isEmpty()) {
            return false;
        }
        try {
            return misfit.strikesDocuments() && daemon.awaitRefusalAfter(before);
        } finally {
            misfit.end(index.get());
        }
    }

    /**
     * Has everything tried again that is refused; the daemon must run, and nothing be wrong with the servers. Some more is
     * refused first: of the others, changes of the clients may have stored all.
     */
    void settle() throws IOException, SQLException {
        errand.end();
        if (mayLeaveRecords) {
            refusesSome();
        }
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (mayLeaveRecords) {
            daemon.keepRunning();
            errand.begin(List.of());
            var retried = errand.end().orElseThrow();
            if (retried.code() == 0) {
                mustBeNone(retried);
                mayLeaveRecords = false;
            } else if (System.nanoTime() > deadline) {
                throw failure("does not succeed", retried);
            }
        }
    }

    private void mustBeNone(Outcome retried) throws IOException {
        var left = daemon.command("refused list", "--json");
        if (left.output().lines().noneMatch(NONE::equals)) {
            throw failure("left documents refused: " + left.output(), retried);
        }
    }

    private static TortureFailure failure(String what, Outcome outcome) {
        return new TortureFailure(
                "%s %s; it ended with %d:\n%s".formatted(outcome.command(), what, outcome.code(), outcome.output()));
    }

    @Override
    public void close() {
        errand.close();
    }
}
