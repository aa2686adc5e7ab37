package io.pgsync.cli.packaging;

/** A program in place of pgsync. Java puts no class into an archive that belongs to another one, so it stands by itself. */
final class Greeting {
    private Greeting() {}

    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
