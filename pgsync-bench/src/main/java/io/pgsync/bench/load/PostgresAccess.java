package io.pgsync.bench.load;

import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.replication.connection.PostgresSettings;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/** A superuser's way into a server. */
record PostgresAccess(String host, int port, String user, String password) {
    private static final int DEFAULT_PORT = 5432;

    static PostgresAccess to(PostgresServer server) {
        return new PostgresAccess(server.host(), server.port(), server.user(), server.password());
    }

    /** Reads {@code postgresql://user:password@host:port}; a database in the path is ignored. */
    static PostgresAccess parse(URI url) {
        String[] login = Optional.ofNullable(url.getUserInfo()).orElse("").split(":", 2);
        if (url.getHost() == null || login.length < 2) {
            throw new IllegalArgumentException("--pg-url must have the form postgresql://user:password@host:port");
        }
        return new PostgresAccess(url.getHost(), url.getPort() < 0 ? DEFAULT_PORT : url.getPort(), login[0], login[1]);
    }

    Connection connect(String database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", user);
        properties.setProperty("password", password);
        return DriverManager.getConnection("jdbc:postgresql://%s:%d/%s".formatted(host, port, database), properties);
    }

    PostgresSettings settings(String database) {
        return PostgresSettings.plain(host, port, database, user, password);
    }

    @Override
    public String toString() {
        return "%s@%s:%d".formatted(user, host, port);
    }
}
