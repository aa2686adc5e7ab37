package io.pgsync.cli.command;

import io.pgsync.cli.config.VariableNames;
import io.pgsync.cli.exit.ExitCode;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Runs the command that the arguments name and turns failures into one message and an exit code. */
public final class Console {
    private Console() {}

    /** The exit code of the command. */
    public static int execute(String... arguments) {
        return commandLine().execute(arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new PgsyncCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, given) -> report(failure, command))
                .setParameterExceptionHandler((failure, given) -> reportUsage(failure));
    }

    private static int report(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        if (command.getParseResult().hasMatchedOption("--verbose")) {
            failure.printStackTrace(err);
        } else {
            err.println("pgsync: " + messageOf(failure));
        }
        err.flush();
        return ExitCode.of(failure).code();
    }

    private static int reportUsage(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("pgsync: " + failure.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(failure, err);
        err.println("Try \"" + command.getCommandSpec().qualifiedName() + " --help\".");
        err.flush();
        return ExitCode.USAGE.code();
    }

    /** Never empty: if a failure has no message, its type tells what it was. */
    private static String messageOf(Throwable failure) {
        return Optional.ofNullable(failure.getMessage())
                .map(VariableNames::addedTo)
                .orElseGet(() -> failure.getClass().getSimpleName());
    }
}
