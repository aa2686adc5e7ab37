package io.pgsync.cli;

import io.pgsync.cli.command.Console;

/** Entry point of {@code pgsync.jar}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(Console.execute(arguments));
    }
}
