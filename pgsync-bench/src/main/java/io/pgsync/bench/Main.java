package io.pgsync.bench;

import io.pgsync.bench.load.LoadCommand;
import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine;

/** Entry point of {@code bench.jar}: {@code load} runs the end-to-end load, everything else goes to JMH. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length > 0 && arguments[0].equals("load")) {
            String[] options = Arrays.copyOfRange(arguments, 1, arguments.length);
            System.exit(load().execute(options));
        }
        org.openjdk.jmh.Main.main(arguments);
    }

    private static CommandLine load() {
        return new CommandLine(new LoadCommand()).setExecutionExceptionHandler((failure, command, given) -> {
            command.getErr().println("bench: " + failure.getMessage());
            return 1;
        });
    }
}
