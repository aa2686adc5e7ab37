package io.pgsync.cli.command;

import io.pgsync.cli.console.Logging;
import io.pgsync.cli.console.Terminal;
import io.pgsync.cli.exit.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.spi.ToolProvider;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code pgsync torture}: passes its arguments to the torture test, a separate program in a jar beside this one. */
@Command(
        name = "torture",
        description =
                "Changes random trees in random ways while servers and connections fail, and compares every document.")
final class TortureCommand implements Callable<Integer> {
    private static final String TOOL = "pgsync-torture";

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Override
    public Integer call() {
        Logging.configure(Terminal.standardError(), "WARN", "DEBUG", List.of(), new Logging.Form(false, false));
        var out = spec.commandLine().getOut();
        var err = spec.commandLine().getErr();
        return ToolProvider.findFirst(TOOL)
                .map(tool -> tool.run(out, err, arguments.toArray(String[]::new)))
                .orElseGet(() -> {
                    err.println("pgsync: the torture test is missing. Put pgsync-torture.jar beside pgsync.jar.");
                    return ExitCode.USAGE.code();
                });
    }
}
