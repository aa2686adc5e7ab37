package io.pgsync.replication;

import io.pgsync.embedded.postgres.PostgresServer;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.pgsync.replication.stream.StreamSettings;
import java.time.Duration;

/** A fresh database on a test server. All methods block. */
public final class TestDatabase implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PostgresConnections connections;

    private TestDatabase(PostgresConnections connections) {
        this.connections = connections;
    }

    public static TestDatabase on(PostgresServer server) {
        return new TestDatabase(PostgresConnections.to(
                PostgresSettings.plain(
                        server.host(), server.port(), server.createDatabase(), server.user(), server.password()),
                4));
    }

    /** A fresh database of the encoding SQL_ASCII, which takes any bytes. */
    public static TestDatabase withoutEncoding(PostgresServer server) {
        return encoded(server, "SQL_ASCII");
    }

    /** A fresh database of another encoding than UTF-8. */
    public static TestDatabase encoded(PostgresServer server, String encoding) {
        try (var other = on(server)) {
            PostgresSettings settings = other.connections.settings();
            String name = settings.database() + "_encoded";
            other.execute("CREATE DATABASE %s ENCODING '%s' LOCALE 'C' TEMPLATE template0".formatted(name, encoding));
            return new TestDatabase(PostgresConnections.to(settings.withDatabase(name), 4));
        }
    }

    public PostgresConnections connections() {
        return connections;
    }

    /** Runs each text as one transaction. */
    public void execute(String... texts) {
        for (String text : texts) {
            connections.execute(text).block(PATIENCE);
        }
    }

    /** The first column of the first row, as text; null when there is none. */
    public String ask(String sql) {
        return connections
                .query("SELECT (SELECT (" + sql + ")::text)", row -> String.valueOf(row.get(0, String.class)))
                .blockFirst(PATIENCE);
    }

    /** A slot and a publication of all tables, both called {@code name}; the publication's options are {@code with}. */
    public StreamSettings publishAll(String name, String with) {
        execute("CREATE PUBLICATION %s FOR ALL TABLES WITH (%s)".formatted(name, with));
        ask("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(name));
        return new StreamSettings(name, name);
    }

    @Override
    public void close() {
        connections.close().block(PATIENCE);
    }
}
