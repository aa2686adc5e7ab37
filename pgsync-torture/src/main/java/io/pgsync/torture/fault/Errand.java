package io.pgsync.torture.fault;

import io.pgsync.torture.process.Daemon;
import io.pgsync.torture.process.Daemon.Outcome;
import io.pgsync.torture.process.PgsyncProcess;
import io.pgsync.torture.report.TortureFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A command of pgsync beside the daemon, which others do not wait for. One at a time. */
final class Errand implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Daemon daemon;
    private final String name;
    private Optional<PgsyncProcess> command = Optional.empty();

    Errand(Daemon daemon, String name) {
        this.daemon = daemon;
        this.name = name;
    }

    boolean isUnderWay() {
        return command.filter(PgsyncProcess::isRunning).isPresent();
    }

    void begin(List<String> options) throws IOException {
        command = Optional.of(daemon.begin(name, options));
    }

    /** How the last one ended, once; waits for it. */
    Optional<Outcome> end() {
        return command.map(last -> {
            var code = last.awaitWithin(PATIENCE);
            if (code.isEmpty()) {
                throw new TortureFailure("pgsync %s does not come to its end:\n%s".formatted(name, last.output()));
            }
            last.close();
            command = Optional.empty();
            return new Outcome("pgsync " + name, code.getAsInt(), last.output());
        });
    }

    @Override
    public void close() {
        command.ifPresent(PgsyncProcess::close);
    }
}
