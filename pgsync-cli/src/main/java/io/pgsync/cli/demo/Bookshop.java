package io.pgsync.cli.demo;

import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresSettings;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlResult;
import io.r2dbc.spi.Readable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** The shop's database, through one connection like that of an application. All methods block. */
final class Bookshop implements AutoCloseable {
    static final String DATABASE = "bookshop";
    static final String INDEX = "books";

    private final PostgresConnections connections;
    private final PostgresqlConnection session;

    private Bookshop(PostgresConnections connections, PostgresqlConnection session) {
        this.connections = connections;
        this.session = session;
    }

    static Bookshop open(PostgresSettings settings) {
        var connections = PostgresConnections.to(settings, 1);
        return new Bookshop(connections, finished(connections.dedicated()).orElseThrow());
    }

    /** A text file in the package of this class. */
    static String resource(String name) {
        try (InputStream stream = Objects.requireNonNull(Bookshop.class.getResourceAsStream(name), name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs statements, separated by semicolons, in the transaction of the session or, without one, in a new one. */
    void execute(String sql) {
        finished(session.createStatement(sql)
                .execute()
                .flatMap(PostgresqlResult::getRowsUpdated)
                .then());
    }

    <T> List<T> query(String sql, Function<Readable, T> row) {
        return finished(session.createStatement(sql)
                        .execute()
                        .flatMap(result -> result.map(row))
                        .collectList())
                .orElseThrow();
    }

    void begin() {
        finished(session.beginTransaction());
    }

    void commit() {
        finished(session.commitTransaction());
    }

    @Override
    public void close() {
        finished(session.close().then(connections.close()));
    }

    private static <T> Optional<T> finished(Mono<T> work) {
        return work.blockOptional();
    }
}
