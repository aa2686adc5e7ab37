package io.pgsync.cli.command;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.run.Commands;
import io.pgsync.cli.run.ShutdownSignal;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parallel_sync}: PGSync's name for a load with several readers. Here every load has several. */
@Command(
        name = "parallel_sync",
        description = "The same as pgsync without options: loads with several readers, catches up and ends.",
        sortOptions = false)
final class ParallelSyncCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(ParallelSyncCommand.class);

    /** How PGSync divides the work. */
    enum Mode {
        SYNCHRONOUS,
        MULTITHREADED,
        MULTIPROCESS,
        MULTITHREADED_ASYNC,
        MULTIPROCESS_ASYNC
    }

    @Mixin
    private ReaderOptions readers = new ReaderOptions();

    @Option(
            names = {"-m", "--mode"},
            paramLabel = "MODE",
            description = "Accepted: one process reads side by side, whatever the mode (${COMPLETION-CANDIDATES}).")
    private Optional<Mode> mode = Optional.empty();

    @Mixin
    private SchemaFileOptions given = new SchemaFileOptions();

    @Override
    public Integer call() {
        Settings settings = given.settings(readers.asVariables());
        mode.ifPresent(given -> log.info("--mode: one process reads side by side, as many as --nprocs says"));
        var run = new Commands(settings, given.terminal());
        return ShutdownSignal.during(settings.duration(Setting.PGSYNC_SHUTDOWN_TIMEOUT), run::catchUp)
                .code();
    }
}
