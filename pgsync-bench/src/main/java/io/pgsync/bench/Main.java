package io.pgsync.bench;

import io.pgsync.bench.load.LoadCommand;
import io.pgsync.bench.load.SinkCommand;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Entry point of {@code bench.jar}: {@code load} and {@code sink} measure beside real servers, everything else goes to JMH. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        CommandLine commands = commands();
        if (arguments.length > 0 && commands.getSubcommands().containsKey(arguments[0])) {
            System.exit(commands.execute(arguments));
        }
        org.openjdk.jmh.Main.main(arguments);
    }

    private static CommandLine commands() {
        var commands = new CommandLine(CommandSpec.create().name("bench.jar"));
        commands.addSubcommand(new LoadCommand()).addSubcommand(new SinkCommand());
        return commands.setExecutionExceptionHandler((failure, command, given) -> {
            command.getErr().println("bench: " + failure.getMessage());
            return 1;
        });
    }
}
