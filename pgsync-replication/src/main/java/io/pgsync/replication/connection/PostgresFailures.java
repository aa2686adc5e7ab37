package io.pgsync.replication.connection;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.r2dbc.postgresql.api.PostgresqlException;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * Turns exceptions of the driver into failures with place, reason and remedy. SQLSTATEs: appendix A of the PostgreSQL
 * manual.
 */
public final class PostgresFailures {
    private static final List<String> NEVER_OF_A_ROW =
            List.of("08", "0L", "0P", "25", "28", "3D", "40", "53", "55", "57", "58", "72", "F0");

    private PostgresFailures() {}

    /** The SQLSTATE of a server's error, however deep the driver has wrapped it. */
    public static Optional<String> sqlState(Throwable failure) {
        return causes(failure, PostgresqlException.class)
                .map(error -> error.getErrorDetails().getCode())
                .findFirst();
    }

    /** A connection that could not be made. */
    static SyncException connecting(PostgresSettings settings, Throwable failure) {
        if (failure instanceof SyncException known) {
            return known;
        }
        if (isPooler(failure)) {
            return pooler(settings, failure);
        }
        // The driver's own failures have a state of class 08, which a server never sends during a connection attempt.
        String why = sqlState(failure)
                .filter(state -> !state.startsWith("08"))
                .map(state -> refused(settings, state, serverMessage(failure)))
                .orElseGet(() -> unreachable(settings, failure));
        return new NotConnectedException(
                remedyOf(failure), "Cannot connect to PostgreSQL at " + settings.address() + ": " + why, failure);
    }

    /**
     * True if the answer comes from PgBouncer: it refuses start-up parameters that it does not track, with a state of
     * class 08. A server knows every parameter that we send.
     */
    private static boolean isPooler(Throwable failure) {
        return serverMessage(failure).startsWith("unsupported startup parameter");
    }

    private static SyncException pooler(PostgresSettings settings, Throwable failure) {
        return new NotConnectedException(
                Remedy.STOP,
                "Cannot connect to PostgreSQL at %s: %s. This is the answer of a connection pooler such as PgBouncer, which can carry neither logical replication nor the session settings that documents are read with. Use the address of the server itself"
                        .formatted(settings.address(), serverMessage(failure)),
                failure);
    }

    /** A statement that failed, or whose connection was lost. */
    static SyncException querying(PostgresSettings settings, Throwable failure) {
        if (failure instanceof SyncException known) {
            return known;
        }
        return new SyncException(
                remedyOf(failure),
                "PostgreSQL at %s: %s%s"
                        .formatted(
                                settings.address(),
                                serverMessage(failure),
                                sqlState(failure)
                                        .map(PostgresFailures::stateAndHint)
                                        .orElse("")),
                failure);
    }

    /** 42501 is a missing right, or row-level security that would hide rows. */
    private static String stateAndHint(String state) {
        return " (SQLSTATE " + state + ")"
                + (state.equals("42501") ? ". \"pgsync doctor\" names what the role lacks" : "");
    }

    /** The message of the server, or the driver's in its place, without the driver's own additions. */
    public static String serverMessage(Throwable failure) {
        return causes(failure, PostgresqlException.class)
                .map(error -> error.getErrorDetails().getMessage())
                .findFirst()
                .orElseGet(() -> failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }

    /**
     * Whether a statement may have failed because of a row, so that it would succeed without that row. True for
     * everything except failures of the connection, the login, the transaction, a lock, an operator or the server's
     * disk. A server out of memory (53200) may have had too large a statement. No list of the states of a row can be
     * complete, because a function that raises an error chooses its SQLSTATE itself. Even a missing right (42501) is
     * certain only if the statement also fails without rows.
     */
    public static boolean mayBeOfARow(Throwable failure) {
        return !(failure instanceof NotConnectedException)
                && sqlState(failure)
                        .filter(state ->
                                state.equals("53200") || NEVER_OF_A_ROW.stream().noneMatch(state::startsWith))
                        .isPresent();
    }

    /**
     * Whether a statement is refused for good: the failure does not pass, and is not about the connection or the whole
     * database.
     */
    public static boolean isRefusal(Throwable failure) {
        return mayBeOfARow(failure) && remedyOf(failure) == Remedy.STOP;
    }

    /** Whether the failure is a missing right; row-level security that would hide rows is one too. */
    public static boolean isOfARight(Throwable failure) {
        return mayBeOfARow(failure) && sqlState(failure).filter("42501"::equals).isPresent();
    }

    /** Whether the failure is about a text that is not valid UTF-8, or that the server cannot convert to UTF-8. */
    public static boolean isOfAText(Throwable failure) {
        return sqlState(failure)
                .filter(state -> state.equals("22021") || state.equals("22P05"))
                .isPresent();
    }

    /** Whether a text is no value of the type that it is cast to: class 22. The check of a domain may be newer than a value. */
    public static boolean isOfAValue(Throwable failure) {
        return sqlState(failure).filter(state -> state.startsWith("22")).isPresent();
    }

    /** Whether a statement does not fit the schema of the database: class 42, and unknown schemas. */
    public static boolean isOfTheSchema(Throwable failure) {
        return sqlState(failure)
                .filter(state -> state.startsWith("42") || state.startsWith("3F"))
                .isPresent();
    }

    /**
     * RETRY for what passes: lost connections, a server that restarts or is busy, rolled-back transactions, cancelled
     * statements.
     */
    public static Remedy remedyOf(Throwable failure) {
        if (isEncryption(failure)) {
            return Remedy.STOP;
        }
        Optional<String> state = sqlState(failure);
        if (state.isPresent()) {
            boolean passes = Stream.of(
                            "08", "25P02", "25P03", "25P04", "40", "53", "57", "58", "55006", "55P03", "XX000")
                    .anyMatch(state.get()::startsWith);
            return passes ? Remedy.RETRY : Remedy.STOP;
        }
        return isProgrammingError(failure) ? Remedy.STOP : Remedy.RETRY;
    }

    private static boolean isEncryption(Throwable failure) {
        boolean refusedByDriver = causes(failure, R2dbcPermissionDeniedException.class)
                .anyMatch(refused -> "08006".equals(refused.getSqlState()));
        return (refusedByDriver || causes(failure, SSLException.class).findAny().isPresent()) && !wasCut(failure);
    }

    /** If a server goes away while encryption is negotiated, the settings are not at fault. */
    private static boolean wasCut(Throwable failure) {
        return causes(failure, Throwable.class)
                .anyMatch(cause -> cause instanceof ClosedChannelException
                        || cause instanceof SocketException
                        || String.valueOf(cause.getMessage()).startsWith("Connection closed"));
    }

    private static boolean isProgrammingError(Throwable failure) {
        return failure instanceof IllegalArgumentException
                || failure instanceof NullPointerException
                || failure instanceof IndexOutOfBoundsException
                || failure instanceof ClassCastException;
    }

    private static String refused(PostgresSettings settings, String state, String message) {
        return switch (state) {
            case "28P01" -> message + ". Check user and password";
            case "28000" ->
                message
                        + (message.contains("pg_hba.conf")
                                ? ". Allow this host, user and database in pg_hba.conf, or choose another sslmode"
                                : ". Check that role '" + settings.user() + "' exists and has LOGIN");
            case "3D000" -> message + ". Create the database or correct its name";
            case "42501" ->
                message + ". Role '" + settings.user() + "' needs CONNECT on the database and, to stream,"
                        + " the REPLICATION attribute (ALTER ROLE … REPLICATION)";
            case "53300" -> message + ". Raise max_connections (max_wal_senders for replication) or end idle sessions";
            default -> message + " (SQLSTATE " + state + ")";
        };
    }

    private static String unreachable(PostgresSettings settings, Throwable failure) {
        if (causes(failure, UnknownHostException.class).findAny().isPresent()) {
            return "the host name '" + settings.host() + "' cannot be resolved. Correct the host";
        }
        if (isEncryption(failure)) {
            return "encryption with sslmode=" + settings.sslMode() + " failed, " + rootMessage(failure)
                    + ". Check the certificates, or choose another sslmode";
        }
        if (causes(failure, ConnectException.class).findAny().isPresent()) {
            return rootMessage(failure) + ". Check that the server runs and listens on this address and port";
        }
        if (causes(failure, TimeoutException.class).findAny().isPresent()) {
            return "no answer. Check that host and port are those of a PostgreSQL server, and what lies between";
        }
        if (causes(failure, IOException.class).findAny().isPresent()) {
            return "the connection was cut, " + rootMessage(failure);
        }
        return serverMessage(failure);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }

    private static <T> Stream<T> causes(Throwable failure, Class<T> type) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .filter(type::isInstance)
                .map(type::cast);
    }
}
