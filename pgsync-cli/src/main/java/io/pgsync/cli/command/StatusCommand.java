package io.pgsync.cli.command;

import io.pgsync.cli.config.Settings;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.run.StatusRun;
import io.pgsync.cli.run.StatusRun.Form;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pgsync status}: the state of documents and slot, from any machine. */
@Command(
        name = "status",
        description = {
            "Tells how each document stands and what the slot keeps of the server's log.",
            "Exit code 0: nothing to do; 1: not running, a server does not answer, or the log's budget is used up to 80 percent;"
                    + " 3: not prepared; 4: changes are missing."
        },
        sortOptions = false)
final class StatusCommand implements Callable<Integer> {
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
    private SchemaFileOptions given = new SchemaFileOptions();

    @Override
    public Integer call() {
        Settings settings = given.settings();
        boolean screen = watch && !json && Terminal.standardOutput().isInteractive();
        var form = new Form(json, Duration.ofSeconds(Math.max(1, over)), screen);
        var run = new StatusRun(settings, given.out(), form);
        return (watch ? run.watch() : run.print()).code();
    }
}
