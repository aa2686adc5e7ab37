package io.pgsync.cli.command;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.run.StatusRun;
import io.pgsync.cli.run.StatusRun.Form;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pgsync status}: how documents and slot stand, from any machine. */
@Command(
        name = "status",
        description = {
            "Tells how each document stands and what the slot keeps of the server's log.",
            "Exit code 0: nothing to do; 1: not running, a server does not answer, or the log's budget is used up to 80 percent;"
                    + " 3: not prepared; 4: changes are missing."
        },
        sortOptions = false)
final class StatusCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Mixin
    private SchemaOptions schema = new SchemaOptions();

    @Option(names = "--json", description = "For programs: one JSON object on a line.")
    private boolean json;

    @Option(names = "--watch", description = "Look again and again until Ctrl-C.")
    private boolean watch;

    @Option(
            names = "--over",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "Time between two looks, over which rates are taken (default: ${DEFAULT-VALUE}).")
    private int over;

    @Mixin
    private DatabaseOptions database = new DatabaseOptions();

    @Mixin
    private CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
        ExclusiveOptions.check(spec, "--config", "--schema_url", "--s3_schema_url");
        Settings settings = common.settings(
                List.of(schema.asVariables(), database.connection().asVariables()));
        boolean screen = watch && !json && Terminal.standardOutput().isInteractive();
        var form = new Form(json, Duration.ofSeconds(Math.max(1, over)), screen);
        var run = new StatusRun(settings, spec.commandLine().getOut(), form);
        return (watch ? run.watch() : run.print()).code();
    }
}
