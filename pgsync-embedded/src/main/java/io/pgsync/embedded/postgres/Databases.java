package io.pgsync.embedded.postgres;

import io.pgsync.embedded.EmbeddedServerException;
import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Mono;

/** Creates databases on a test server, and does other things that need a statement there. */
final class Databases {

    private static final Duration TIME = Duration.ofSeconds(60);
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private Databases() {}

    /** The process id distinguishes test runs that share a given server. */
    static String createFresh(PostgresServer server) {
        var name = "test_%d_%d".formatted(ProcessHandle.current().pid(), COUNTER.incrementAndGet());
        create(server, name);
        return name;
    }

    static void create(PostgresServer server, String name) {
        run(server, "CREATE DATABASE \"" + name.replace("\"", "\"\"") + "\"");
    }

    /** Runs one statement in the maintenance database. */
    static void run(PostgresServer server, String statement) {
        var factory = new PostgresqlConnectionFactory(PostgresqlConnectionConfiguration.builder()
                .host(server.host())
                .port(server.port())
                .username(server.user())
                .password(server.password())
                .database(PostgresServer.MAINTENANCE_DATABASE)
                .build());
        await(
                Mono.usingWhen(
                        factory.create(),
                        connection -> connection
                                .createStatement(statement)
                                .execute()
                                .flatMap(result -> result.getRowsUpdated())
                                .then(),
                        PostgresqlConnection::close),
                statement);
    }

    private static void await(Mono<Void> work, String statement) {
        try {
            work.toFuture().get(TIME.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new EmbeddedServerException("Cannot run " + statement + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EmbeddedServerException("Interrupted while running " + statement, e);
        }
    }
}
