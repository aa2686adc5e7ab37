package io.pgsync.embedded.postgres;

import java.io.IOException;

/** Started as a JVM of its own by {@link EmbeddedPostgresLifetimeIT}: owns a server until its input ends. */
final class PostgresOwner {

    private PostgresOwner() {}

    public static void main(String[] args) throws IOException {
        EmbeddedPostgres.builder().start();
        System.out.println("ready");
        System.in.read();
    }
}
