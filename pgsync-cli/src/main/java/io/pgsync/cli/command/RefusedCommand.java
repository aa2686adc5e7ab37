package io.pgsync.cli.command;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.run.RefusedRun;
import io.pgsync.cli.run.ShutdownSignal;
import io.pgsync.runtime.config.RefusedSelection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pgsync refused}: the documents that the engine does not take. */
@Command(
        name = "refused",
        description = "Tells which documents are refused and why, and has them tried again, from any machine.",
        subcommands = {
            RefusedCommand.ListCommand.class,
            RefusedCommand.ShowCommand.class,
            RefusedCommand.RetryCommand.class,
            RefusedCommand.ForgetCommand.class
        })
final class RefusedCommand implements Callable<Integer> {
    private static final String CODES = "Exit codes:%n";
    private static final String FAILED = "1:failed, starting again may help";
    private static final String WRONG_LINE = "2:wrong command line";

    @Option(names = "--help", usageHelp = true, description = "Print this and end.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "Missing required subcommand: list, show, retry or forget");
    }

    /** The indexes that are meant. */
    static final class Indexes {
        @Option(
                names = "--document",
                paramLabel = "INDEX",
                description = "Only this index, as the schema file names it; may be given several times.")
        private List<String> documents = new ArrayList<>();
    }

    /** The documents that are meant. */
    static final class Documents {
        @Mixin
        private Indexes indexes = new Indexes();

        @Option(
                names = "--id",
                paramLabel = "ID",
                description = "Only the document with this id; may be given several times.")
        private List<String> ids = new ArrayList<>();

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "Only documents that were refused for this, a type that list shows.")
        private Optional<String> type = Optional.empty();

        RefusedSelection selection() {
            return new RefusedSelection(indexes.documents, ids, type);
        }
    }

    /** What every command has: how results are shown, and the schema file. */
    static final class Common {
        @Option(names = "--json", description = "For programs: one JSON value on a line.")
        private boolean json;

        @Mixin
        private SchemaFileOptions given = new SchemaFileOptions();

        RefusedRun run(Settings settings) {
            return new RefusedRun(settings, given.out(), json);
        }

        RefusedRun run() {
            return run(given.settings());
        }
    }

    /** {@code pgsync refused list}. */
    @Command(
            name = "list",
            description = "Lists the refused documents with their reasons.",
            sortOptions = false,
            exitCodeListHeading = CODES,
            exitCodeList = {"0:no document is refused", FAILED, WRONG_LINE, "3:there are refused documents"})
    static final class ListCommand implements Callable<Integer> {
        @Mixin
        private Documents documents = new Documents();

        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() {
            return common.run().list(documents.selection()).code();
        }
    }

    /** {@code pgsync refused show}. */
    @Command(
            name = "show",
            description = "Shows all that is recorded of a refused document.",
            sortOptions = false,
            exitCodeListHeading = CODES,
            exitCodeList = {"0:shown", FAILED, WRONG_LINE, "3:no document with this id is refused"})
    static final class ShowCommand implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The id of the document.")
        @SuppressWarnings("NullAway.Init") // picocli sets it before call()
        private String id;

        @Mixin
        private Indexes indexes = new Indexes();

        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() {
            var selection = new RefusedSelection(indexes.documents, List.of(id), Optional.empty());
            return common.run().show(selection, id).code();
        }
    }

    /** {@code pgsync refused retry}. */
    @Command(
            name = "retry",
            description = {
                "Reads the rows of refused documents again and sends the documents, beside a running daemon or by itself.",
                "After Ctrl-C the order stands, and the process that follows performs it."
            },
            sortOptions = false,
            exitCodeListHeading = CODES,
            exitCodeList = {
                "0:all of them are stored",
                "1:failed, or ended before all were tried",
                WRONG_LINE,
                "3:some are refused again, or their index is set aside",
                "4:the index must be loaded again"
            })
    static final class RetryCommand implements Callable<Integer> {
        @Mixin
        private Documents documents = new Documents();

        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() {
            Settings settings = common.given.settings();
            RefusedRun run = common.run(settings);
            return ShutdownSignal.during(
                            settings.duration(Setting.PGSYNC_SHUTDOWN_TIMEOUT),
                            stop -> run.retry(documents.selection(), common.given.terminal(), stop))
                    .code();
        }
    }

    /** {@code pgsync refused forget}. */
    @Command(
            name = "forget",
            description =
                    "Removes records of refused documents. The documents stay as they are: missing, or older than their rows.",
            sortOptions = false,
            exitCodeListHeading = CODES,
            exitCodeList = {"0:done", FAILED, WRONG_LINE})
    static final class ForgetCommand implements Callable<Integer> {
        @Mixin
        private Documents documents = new Documents();

        @Mixin
        private Common common = new Common();

        @Override
        public Integer call() {
            return common.run().forget(documents.selection()).code();
        }
    }
}
