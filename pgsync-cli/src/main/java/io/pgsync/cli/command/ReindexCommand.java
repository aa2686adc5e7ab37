package io.pgsync.cli.command;

import io.pgsync.cli.config.Setting;
import io.pgsync.cli.config.Settings;
import io.pgsync.cli.run.Commands;
import io.pgsync.cli.run.ShutdownSignal;
import io.pgsync.runtime.config.ReindexOrder;
import io.pgsync.runtime.config.ReindexOrder.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgsync reindex}: another index takes the place of the one that is searched. */
@Command(
        name = "reindex",
        description = {
            "Loads another index as the schema file has it now, beside the one that is searched, and gives it the"
                    + " name when it is right; the former one is followed on, and can take its place back.",
            "Exit code 0: done; 1: stopped before the end, or it does not go on."
        },
        sortOptions = false)
final class ReindexCommand implements Callable<Integer> {
    private static final Pattern KEEP = Pattern.compile("(\\d{1,6})(s|m|h|d)");

    @Option(
            names = "--document",
            paramLabel = "INDEX",
            description = "The document to reindex, as the schema file names its index; may be given several times"
                    + " (default: those that the file has changed so that they must be loaded again).")
    private List<String> documents = new ArrayList<>();

    @Option(
            names = "--keep",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How long the former index is followed on, for --rollback: 30m, 24h, 7d (default: 24h).")
    private String keep = "24h";

    @Option(names = "--rollback", description = "Instead: the former index takes its place back; both are followed on.")
    private boolean rollback;

    @Option(names = "--finish", description = "Instead: the former index is not needed any more, and is deleted.")
    private boolean finish;

    @Option(names = "--abort", description = "Instead: the new index is given up, and deleted.")
    private boolean abort;

    @Mixin
    private SchemaFileOptions given = new SchemaFileOptions();

    @Override
    public Integer call() {
        var order = new ReindexOrder(action(), documents, kept());
        Settings settings = given.settings();
        var run = new Commands(settings, given.terminal());
        return ShutdownSignal.during(
                        settings.duration(Setting.PGSYNC_SHUTDOWN_TIMEOUT), stop -> run.reindex(order, stop))
                .code();
    }

    private Action action() {
        if (Stream.of(rollback, finish, abort).filter(isGiven -> isGiven).count() > 1) {
            throw given.illegal("Give one of --rollback, --finish and --abort.");
        }
        return rollback ? Action.ROLL_BACK : finish ? Action.FINISH : abort ? Action.ABORT : Action.REPLACE;
    }

    private Duration kept() {
        Matcher time = KEEP.matcher(keep);
        if (!time.matches()) {
            throw given.illegal("--keep is a time such as 30m, 24h or 7d; not " + keep + ".");
        }
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }
}
