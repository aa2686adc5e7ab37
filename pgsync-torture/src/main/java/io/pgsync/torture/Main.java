package io.pgsync.torture;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.spi.ToolProvider;
import picocli.CommandLine;

/** Entry point: {@code pgsync} finds it as a tool, and by its main method it is a program. Either needs {@code pgsync.jar} on the class path. */
public final class Main implements ToolProvider {
    @Override
    public String name() {
        return "pgsync-torture";
    }

    @Override
    public int run(PrintStream out, PrintStream err, String... arguments) {
        return run(
                new PrintWriter(out, true, StandardCharsets.UTF_8),
                new PrintWriter(err, true, StandardCharsets.UTF_8),
                arguments);
    }

    @Override
    public int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new TortureCommand()).setOut(out).setErr(err).execute(arguments);
    }

    public static void main(String[] arguments) {
        System.exit(new Main().run(System.out, System.err, arguments));
    }
}
