package io.pgsync.embedded.postgres;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A PostgreSQL server that tests may use: superuser rights, {@code wal_level = logical}. All methods block. */
public interface PostgresServer extends AutoCloseable {

    /** The database that every server has, for connections that create other databases. */
    String MAINTENANCE_DATABASE = "postgres";

    /** A host name or address for connections from this machine. */
    String host();

    /** The TCP port. */
    int port();

    /** A superuser. */
    String user();

    /** The password of {@link #user()}. */
    String password();

    /** Releases the server; one that somebody else started keeps running. */
    @Override
    void close();

    /** {@code postgresql://user:password@host:port/database}, as in {@code PG_URL}. */
    default String url(String database) {
        return "postgresql://%s:%s@%s:%d/%s"
                .formatted(encoded(user()), encoded(password()), host(), port(), encoded(database));
    }

    /** The same for JDBC, without the credentials. */
    default String jdbcUrl(String database) {
        return "jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database);
    }

    /** Creates an empty database with exactly this name. */
    default void createDatabase(String name) {
        Databases.create(this, name);
    }

    /** Creates an empty database that nothing else uses, and returns its name; each test uses its own. */
    default String createDatabase() {
        return Databases.createFresh(this);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
