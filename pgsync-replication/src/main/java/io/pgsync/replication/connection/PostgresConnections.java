package io.pgsync.replication.connection;

import io.r2dbc.postgresql.PostgresqlConnectionConfiguration;
import io.r2dbc.postgresql.PostgresqlConnectionFactory;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.postgresql.api.PostgresqlReplicationConnection;
import io.r2dbc.postgresql.client.DefaultHostnameVerifier;
import io.r2dbc.postgresql.client.SSLMode;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Connections to one database, all with the same session settings, so that a value has the same text in a query and in
 * the log. A bounded pool serves queries. Replication connections are made one at a time, and the caller closes them.
 * Failures are {@link io.pgsync.core.failure.SyncException}s that name the server. Safe from any thread; no work before
 * a subscription.
 */
public final class PostgresConnections {
    /**
     * Fixed text forms of values; no JIT compilation, which costs a short document query more than it saves; and an
     * error instead of missing rows under row-level security, because a row that is not seen would count as deleted.
     */
    private static final Map<String, String> SESSION = Map.of(
            "jit", "off",
            "statement_timeout", "0",
            "row_security", "off",
            "DateStyle", "ISO",
            "IntervalStyle", "postgres",
            "bytea_output", "hex",
            "extra_float_digits", "1");

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** For connecting as a whole, with encryption and login: a server may accept a connection and then say nothing. */
    static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(20);

    private final PostgresSettings settings;
    private final LoopResources eventLoops;
    private final PostgresqlConnectionFactory factory;
    private final LoopResources replicationLoop;
    private final StreamServer server;
    private final QueryPool pool;

    private PostgresConnections(PostgresSettings settings, StreamServer server, int maxPooled) {
        this.settings = settings;
        this.eventLoops = newEventLoops();
        this.factory = new PostgresqlConnectionFactory(driverConfiguration(settings, "UTF8", eventLoops));
        this.replicationLoop = new KeepAliveLoops(LoopResources.create("pgsync-replication", 1, 1, true, false));
        this.server = server;
        this.pool = new QueryPool(factory, server, maxPooled);
        server.hold(pool);
    }

    /** At most {@code maxPooled} connections serve queries at the same time; each is made when it is first needed. */
    public static PostgresConnections to(PostgresSettings settings, int maxPooled) {
        return new PostgresConnections(settings, new StreamServer(settings), maxPooled);
    }

    /**
     * More connections to the same database, in a separate pool that must be closed separately. If either of the two
     * opens a stream, the queries of both must go to the server of the stream.
     */
    public PostgresConnections another(int maxPooled) {
        return new PostgresConnections(settings, server, maxPooled);
    }

    private static LoopResources newEventLoops() {
        // Not colocated: otherwise all connections made from one event loop share its thread, and parallel reads are
        // decoded one after the other.
        return new KeepAliveLoops(
                LoopResources.create("pgsync-postgres", 1, LoopResources.DEFAULT_IO_WORKER_COUNT, true, false));
    }

    /** The settings of the server and the database. */
    public PostgresSettings settings() {
        return settings;
    }

    /**
     * Lends a pooled connection for the lifetime of the returned stream; it is returned when that ends, fails or is
     * cancelled.
     */
    public <T> Flux<T> use(Function<Connection, ? extends Publisher<T>> work) {
        return Flux.usingWhen(acquire(), work, Connection::close)
                .onErrorMap(failure -> PostgresFailures.querying(settings, failure));
    }

    /** As {@link #use}, for a single result. */
    public <T> Mono<T> useOne(Function<Connection, ? extends Mono<T>> work) {
        return Mono.usingWhen(acquire(), work, Connection::close)
                .onErrorMap(failure -> PostgresFailures.querying(settings, failure));
    }

    /** The rows of one statement on a pooled connection; {@code parameters} are $1, $2 and so on. */
    public <T> Flux<T> query(String sql, Function<? super Readable, ? extends T> row, Object... parameters) {
        return use(connection -> query(connection, sql, row, parameters));
    }

    /** As {@link #query(String, Function, Object...)}, on a connection that the caller holds. */
    public static <T> Flux<T> query(
            Connection connection, String sql, Function<? super Readable, ? extends T> row, Object... parameters) {
        return Flux.defer(() -> {
            Statement statement = connection.createStatement(sql);
            for (int i = 0; i < parameters.length; i++) {
                statement.bind(i, parameters[i]);
            }
            return Flux.<Result>from(statement.execute()).concatMap(result -> result.map(row));
        });
    }

    /** Runs statements that return nothing; several in one text, separated by semicolons, are one transaction. */
    public Mono<Void> execute(String sql) {
        return use(connection -> Flux.<Result>from(
                                connection.createStatement(sql).execute())
                        .concatMap(Result::getRowsUpdated))
                .then();
    }

    /** A connection outside the pool; the caller closes it. */
    public Mono<PostgresqlConnection> dedicated() {
        return factory.create()
                .timeout(LOGIN_TIMEOUT)
                .onErrorMap(failure -> PostgresFailures.connecting(settings, failure));
    }

    /** A new connection in replication mode; the caller closes it. */
    public Mono<PostgresqlReplicationConnection> replication() {
        return replication(settings.applicationName(), "UTF8");
    }

    /** The same with a given application name, and with the encoding in which the server sends texts. */
    public Mono<PostgresqlReplicationConnection> replication(String applicationName, String clientEncoding) {
        return Mono.defer(() -> new PostgresqlConnectionFactory(driverConfiguration(
                                settings.withApplicationName(applicationName), clientEncoding, replicationLoop))
                        .replication())
                .timeout(LOGIN_TIMEOUT)
                .onErrorMap(failure -> PostgresFailures.connecting(settings, failure));
    }

    /**
     * Until {@link #release}, queries must go to the server that has a session of this application name; otherwise they
     * fail.
     */
    public Mono<Void> holdToServerOf(String walsender) {
        return Mono.usingWhen(dedicated(), fresh -> server.expect(walsender, fresh), PostgresqlConnection::close)
                .onErrorMap(failure -> PostgresFailures.querying(settings, failure));
    }

    /** Allows queries on any server to which the address leads. */
    public void release() {
        server.forget();
    }

    /** The single thread of all replication connections. */
    public Executor replicationThread() {
        return replicationLoop.onClient(LoopResources.DEFAULT_NATIVE).next();
    }

    /** Closes the pool and the event loops, and with them the connections that are in use. */
    public Mono<Void> close() {
        return pool.close().then(Mono.when(dispose(eventLoops), dispose(replicationLoop)));
    }

    private static Mono<Void> dispose(LoopResources loops) {
        return loops.disposeLater(Duration.ZERO, Duration.ofSeconds(2));
    }

    private Mono<Connection> acquire() {
        return pool.acquire().onErrorMap(failure -> PostgresFailures.connecting(settings, failure));
    }

    private static PostgresqlConnectionConfiguration driverConfiguration(
            PostgresSettings settings, String clientEncoding, LoopResources eventLoops) {
        Map<String, String> parameters = new HashMap<>(SESSION);
        parameters.put("client_encoding", clientEncoding);
        PostgresqlConnectionConfiguration.Builder builder = PostgresqlConnectionConfiguration.builder()
                .host(settings.host())
                .port(settings.port())
                .database(settings.database())
                .username(settings.user())
                .password(settings.password())
                .applicationName(settings.applicationName())
                .sslMode(SSLMode.fromValue(effectiveMode(settings).toString()))
                .connectTimeout(CONNECT_TIMEOUT)
                .tcpKeepAlive(true)
                .tcpNoDelay(true)
                .timeZone("UTC")
                .options(parameters)
                .loopResources(eventLoops);
        // Netty would check the host name in every mode, and refuse IP addresses. The driver checks it only for
        // verify-full, but against the name to which the address resolves back. The name to check is the one that the
        // user gave.
        builder.sslContextBuilderCustomizer(tls -> tls.endpointIdentificationAlgorithm(null))
                .sslHostnameVerifier(
                        (resolved, session) -> DefaultHostnameVerifier.INSTANCE.verify(settings.host(), session));
        settings.rootCertificate().ifPresent(file -> builder.sslRootCert(file.toString()));
        return builder.build();
    }

    /** As in libpq, "require" checks the server's certificate if there is a root certificate. */
    private static SslMode effectiveMode(PostgresSettings settings) {
        return settings.sslMode() == SslMode.REQUIRE
                        && settings.rootCertificate().isPresent()
                ? SslMode.VERIFY_CA
                : settings.sslMode();
    }
}
