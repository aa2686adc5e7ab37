package io.pgsync.embedded.postgres;

import org.testcontainers.postgresql.PostgreSQLContainer;

/** A server in a Docker container; needs the optional dependency testcontainers-postgresql. */
record ContainerPostgres(PostgreSQLContainer container) implements PostgresServer {

    private static final int PORT = 5432;

    static PostgresServer start() {
        var container = new PostgreSQLContainer("postgres:" + PostgresBinaries.NEWEST_MAJOR);
        container.setCommand("postgres", "-c", "wal_level=logical", "-c", "max_replication_slots=20");
        container.start();
        return new ContainerPostgres(container);
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return container.getMappedPort(PORT);
    }

    @Override
    public String user() {
        return container.getUsername();
    }

    @Override
    public String password() {
        return container.getPassword();
    }

    @Override
    public void close() {
        container.stop();
    }
}
