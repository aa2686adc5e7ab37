package io.pgsync.embedded.postgres;

import io.pgsync.embedded.EmbeddedServerException;
import java.net.URI;
import java.util.Optional;

/** A server that somebody else runs; its user must be a superuser. */
record GivenPostgres(String host, int port, String user, String password) implements PostgresServer {

    private static final int DEFAULT_PORT = 5432;

    /** Reads {@code postgresql://user:password@host:port}; a database in the path is ignored. */
    static PostgresServer at(URI url) {
        var credentials = Optional.ofNullable(url.getUserInfo()).orElse("").split(":", 2);
        if (url.getHost() == null || credentials.length < 2) {
            throw new EmbeddedServerException(
                    "PGSYNC_TEST_PG_URL is not of the form postgresql://user:password@host:port");
        }
        var port = url.getPort() < 0 ? DEFAULT_PORT : url.getPort();
        return new GivenPostgres(url.getHost(), port, credentials[0], credentials[1]);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "GivenPostgres[" + host + ":" + port + "]";
    }
}
