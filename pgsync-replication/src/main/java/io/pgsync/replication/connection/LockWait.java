package io.pgsync.replication.connection;

import io.pgsync.core.change.TableName;
import io.pgsync.replication.sql.Columns;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import io.r2dbc.spi.Result;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Runs statements that need locks on tables, each in a transaction that waits at most 3 seconds for a lock: a migration
 * may lock a table for hours, and a statement that waits for a lock blocks all that come after it. If the wait is too
 * long, the statement fails with {@link TableLockedException}, which names the table and the holder of the lock. Cold;
 * safe from any thread.
 *
 * @param tables the tables that the statements concern; empty if unknown, or if all are concerned
 */
public record LockWait(PostgresConnections connections, Set<TableName> tables) {
    private static final String BEGIN = "BEGIN; SET LOCAL lock_timeout = '3s'";
    private static final int TRIES = 4;
    /** Lets those go on that waited behind the last try. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /**
     * $1 and $2 are schemas and names, $3 whether locks weaker than ACCESS EXCLUSIVE conflict too. Sessions that only
     * wait for such a lock conflict as well. This query itself takes no lock on a table.
     */
    private static final String HOLDER = """
            WITH RECURSIVE concerned AS (
                SELECT c.oid
                  FROM unnest($1::text[], $2::text[]) AS w(schema, name)
                  JOIN pg_namespace n ON n.nspname = w.schema
                  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
                 UNION
                SELECT i.inhrelid FROM concerned JOIN pg_inherits i ON i.inhparent = concerned.oid
            )
            SELECT n.nspname::text, c.relname::text, coalesce(l.pid, 0), coalesce(a.application_name, '')
              FROM pg_locks l
              JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
              JOIN pg_class c ON c.oid = l.relation AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
              JOIN pg_namespace n ON n.oid = c.relnamespace
              LEFT JOIN pg_stat_activity a ON a.pid = l.pid
             WHERE l.locktype = 'relation' AND l.pid IS DISTINCT FROM pg_backend_pid()
               AND (l.mode = 'AccessExclusiveLock' OR $3 AND c.oid IN (SELECT oid FROM concerned))
             ORDER BY c.oid IN (SELECT oid FROM concerned) DESC,
                   array_position(ARRAY['RowShareLock', 'RowExclusiveLock', 'ShareUpdateExclusiveLock', 'ShareLock',
                                        'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'], l.mode) DESC NULLS LAST,
                   l.granted DESC, 1, 2
             LIMIT 1""";

    public LockWait {
        tables = Set.copyOf(tables);
    }

    /** For statements about {@code tables}. */
    public static LockWait on(PostgresConnections connections, Collection<TableName> tables) {
        return new LockWait(connections, Set.copyOf(tables));
    }

    /** Asks a question. Only an ACCESS EXCLUSIVE lock of somebody else conflicts with it. */
    public <T> Flux<T> ask(Function<Connection, ? extends Publisher<T>> question) {
        return once(question, false);
    }

    /**
     * Makes a change, and leaves nothing of it if it fails. Tries several times, with pauses in which others can go on.
     */
    public <T> Mono<T> change(Function<Connection, ? extends Mono<T>> change) {
        return once(change, true)
                .singleOrEmpty()
                .retryWhen(Retry.fixedDelay(TRIES - 1, PAUSE)
                        .filter(TableLockedException.class::isInstance)
                        .onRetryExhaustedThrow((retry, signal) -> signal.failure()));
    }

    /** The same for a statement that returns nothing. */
    public Mono<Void> change(String sql) {
        return change(connection -> run(connection, sql));
    }

    /**
     * Runs the work in its transaction, to the end even if the subscriber cancels: a transaction that was cancelled at
     * its begin would stay open on a connection that others get.
     */
    private <T> Flux<T> once(Function<Connection, ? extends Publisher<T>> work, boolean needsMore) {
        Mono<List<T>> answer = connections
                .use(connection -> Flux.<T, Connection>usingWhen(
                        run(connection, BEGIN).thenReturn(connection),
                        work,
                        Connection::commitTransaction,
                        (open, failure) -> open.rollbackTransaction(),
                        Connection::rollbackTransaction))
                .collectList();
        return Mono.fromFuture(answer::toFuture, true)
                .onErrorResume(
                        failure -> PostgresFailures.sqlState(failure)
                                .filter(LOCK_NOT_AVAILABLE::equals)
                                .isPresent(),
                        failure -> holder(needsMore).flatMap(words -> Mono.error(locked(words, failure))))
                .flatMapIterable(parts -> parts);
    }

    private static Mono<Void> run(Connection connection, String sql) {
        return Flux.<Result>from(connection.createStatement(sql).execute())
                .concatMap(Result::getRowsUpdated)
                .then();
    }

    private Mono<String> holder(boolean needsMore) {
        return connections
                .query(
                        HOLDER,
                        LockWait::words,
                        tables.stream().map(TableName::schema).toArray(String[]::new),
                        tables.stream().map(TableName::table).toArray(String[]::new),
                        needsMore)
                .next()
                .defaultIfEmpty(
                        tables.isEmpty() ? "a table was locked" : "one of the tables %s was locked".formatted(tables));
    }

    private static String words(Readable row) {
        return "table \"%s.%s\" is locked by process %d%s"
                .formatted(
                        Columns.required(row, 0, String.class),
                        Columns.required(row, 1, String.class),
                        Columns.required(row, 2, Integer.class),
                        named(Columns.required(row, 3, String.class)));
    }

    private static String named(String application) {
        return application.isEmpty() ? "" : " (\"" + application + "\")";
    }

    private TableLockedException locked(String words, Throwable failure) {
        return new TableLockedException(
                "PostgreSQL at %s: %s, and was waited for 3 s. Try again when it is free"
                        .formatted(connections.settings().address(), words),
                failure);
    }
}
