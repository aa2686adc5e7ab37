package io.pgsync.cli;

/** Entry point of {@code pgsync.jar}. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.err.println("pgsync: no command yet");
        System.exit(2);
    }
}
