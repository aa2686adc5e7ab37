package io.pgsync.bench;

import java.io.IOException;

/** Entry point of {@code bench.jar}: runs the JMH benchmarks with JMH's own options. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        org.openjdk.jmh.Main.main(arguments);
    }
}
