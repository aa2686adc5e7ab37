package io.pgsync.replication.connection;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where one database is and who logs in.
 *
 * @param rootCertificate PEM file of the authorities that {@link SslMode#VERIFY_CA} and {@link SslMode#VERIFY_FULL}
 *     trust; if empty, those of the JVM
 * @param applicationName shown in {@code pg_stat_activity} and the server's log
 */
public record PostgresSettings(
        String host,
        int port,
        String database,
        String user,
        String password,
        SslMode sslMode,
        Optional<Path> rootCertificate,
        String applicationName) {

    /** The default name of sessions in {@code pg_stat_activity}. */
    public static final String DEFAULT_APPLICATION_NAME = "pgsync";

    public PostgresSettings {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("Port " + port + " is out of range 1 to 65535");
        }
    }

    /** Settings for an unencrypted connection, for example to a server on the same machine. */
    public static PostgresSettings plain(String host, int port, String database, String user, String password) {
        return new PostgresSettings(
                host, port, database, user, password, SslMode.DISABLE, Optional.empty(), DEFAULT_APPLICATION_NAME);
    }

    /** The same server, another database. */
    public PostgresSettings withDatabase(String other) {
        return new PostgresSettings(host, port, other, user, password, sslMode, rootCertificate, applicationName);
    }

    /** The same under another name in {@code pg_stat_activity}. */
    public PostgresSettings withApplicationName(String other) {
        return new PostgresSettings(host, port, database, user, password, sslMode, rootCertificate, other);
    }

    /** {@code host:port/database}, as in messages. */
    public String address() {
        return host + ":" + port + "/" + database;
    }

    /** Everything except the password. */
    @Override
    public String toString() {
        return "%s@%s (sslmode=%s, application_name=%s)".formatted(user, address(), sslMode, applicationName);
    }
}
