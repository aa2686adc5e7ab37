package io.pgsync.cli.command;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.exit.ExitCode;
import io.pgsync.cli.run.Commands;
import io.pgsync.cli.run.ExplainRun;
import io.pgsync.cli.run.ShutdownSignal;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgsync}: brings the indexes up to date and ends, or follows the database as a daemon. */
@Command(
        name = "pgsync",
        description = "Keeps documents in Elasticsearch or OpenSearch in step with PostgreSQL.",
        versionProvider = ProductVersion.class,
        subcommands = {
            BootstrapCommand.class,
            ParallelSyncCommand.class,
            BackfillCommand.class,
            VerifyCommand.class,
            InitCommand.class,
            ExplainCommand.class,
            PlanCommand.class,
            ReindexCommand.class,
            StatusCommand.class,
            RefusedCommand.class,
            DoctorCommand.class,
            ConfigCommand.class,
            CompletionCommand.class,
            ArchiveClassesCommand.class,
            DemoCommand.class,
            TortureCommand.class
        },
        sortOptions = false)
public final class PgsyncCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(PgsyncCommand.class);

    @Option(
            names = {"-d", "--daemon"},
            description = "Keep running and follow every change.")
    private boolean daemon;

    @Option(
            names = {"-w", "--wal"},
            description = "The same as --daemon: changes are always streamed from the log.")
    private boolean wal;

    @Option(names = "--polling", description = "The same as --daemon: nothing needs to be polled.")
    private boolean polling;

    @Option(names = "--producer", description = "The same as --daemon: one process reads and writes.")
    private boolean producer;

    @Option(names = "--consumer", description = "Ends at once: the process with --producer writes too.")
    private boolean consumer;

    @Option(
            names = {"-b", "--bootstrap"},
            description = "Run bootstrap first.")
    private boolean bootstrap;

    @Option(
            names = {"-a", "--analyze"},
            description = "Report which indexes of the database help and which are missing, and end.")
    private boolean analyze;

    @Mixin
    private ReaderOptions readers = new ReaderOptions();

    @Mixin
    private SchemaFileOptions given = new SchemaFileOptions();

    @Option(names = "--version", versionHelp = true, description = "Print the version and end.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean version;

    @Override
    public Integer call() {
        checkUsage();
        Settings settings = given.settings(readers.asVariables());
        if (settings.flag(Setting.POLLING) && settings.flag(Setting.WAL)) {
            throw given.illegal("POLLING and WAL are mutually exclusive.");
        }
        if (consumer) {
            log.warn("--consumer: nothing to do, the process that reads the changes writes the documents too");
            return ExitCode.OK.code();
        }
        if (analyze) {
            new ExplainRun(settings, given.out()).printIndexes();
            return ExitCode.OK.code();
        }
        var run = new Commands(settings, given.terminal());
        if (bootstrap) {
            run.bootstrap();
        }
        boolean follow = isDaemon(settings);
        return ShutdownSignal.during(
                        settings.duration(Setting.PGSYNC_SHUTDOWN_TIMEOUT),
                        stop -> follow ? run.follow(stop) : run.catchUp(stop))
                .code();
    }

    private void checkUsage() {
        given.mustExclude("--daemon", "--polling", "--wal");
        given.mustExclude("--producer", "--consumer");
        given.mustExclude("--analyze", "--daemon");
        given.mustExclude("--analyze", "--polling");
    }

    private boolean isDaemon(Settings settings) {
        boolean otherName = polling || wal || producer || settings.flag(Setting.POLLING) || settings.flag(Setting.WAL);
        if (otherName && !daemon) {
            log.info("Running as --daemon: changes are streamed from the log, by one process");
        }
        return daemon || otherName;
    }
}
