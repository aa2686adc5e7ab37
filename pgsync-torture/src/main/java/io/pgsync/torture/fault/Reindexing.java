package io.pgsync.torture.fault;

import io.pgsync.torture.process.Daemon;
import io.pgsync.torture.process.PgsyncProcess;
import io.pgsync.torture.report.TortureFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Another index takes the place of the tree's, gives it back, takes it again, and the former one is given up; all of that
 * while everything else goes on. A command that other faults end is given again.
 */
public final class Reindexing implements AutoCloseable {
    private static final List<List<String>> ORDERS =
            List.of(List.of(), List.of("--rollback"), List.of(), List.of("--finish"));
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Daemon daemon;
    private int done;
    private Optional<PgsyncProcess> command = Optional.empty();

    Reindexing(Daemon daemon) {
        this.daemon = daemon;
    }

    /** False while the last order is under way. */
    boolean goOn() throws IOException {
        if (command.filter(PgsyncProcess::isRunning).isPresent()) {
            return false;
        }
        settle();
        command = Optional.of(daemon.reindex(ORDERS.get(done % ORDERS.size())));
        return true;
    }

    /** Waits for the last order; the daemon must run, and nothing be wrong with the servers. */
    public void settle() {
        if (command.isPresent()) {
            var code = command.get().awaitWithin(PATIENCE);
            if (code.isEmpty()) {
                throw new TortureFailure(
                        "A reindex does not come to its end:\n" + command.get().output());
            }
            done += code.getAsInt() == 0 ? 1 : 0;
            command.get().close();
            command = Optional.empty();
        }
    }

    @Override
    public void close() {
        command.ifPresent(PgsyncProcess::close);
    }
}
