package io.pgsync.torture.client;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A session that is opened again when the server was stopped meanwhile. Not safe for concurrent use. */
public final class Session implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int ANSWER_SECONDS = 10;

    private final Opening opening;
    private final boolean autoCommit;
    private Optional<Connection> current = Optional.empty();
    private boolean doubtful;

    /** Makes a connection; fails while the server is away. */
    @FunctionalInterface
    public interface Opening {
        Connection open() throws SQLException;
    }

    public Session(boolean autoCommit, Opening opening) {
        this.autoCommit = autoCommit;
        this.opening = opening;
    }

    /** Work that may fail because the server goes away. */
    @FunctionalInterface
    interface Work {
        void on(Connection connection) throws SQLException;
    }

    /** A connection that answers; not to be closed by the caller. */
    public Connection connection() throws SQLException {
        if (current.isEmpty() || !current.get().isValid(ANSWER_SECONDS)) {
            close();
            current = Optional.of(open());
        }
        doubtful = false;
        return current.get();
    }

    private Connection open() throws SQLException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                var connection = opening.open();
                connection.setAutoCommit(autoCommit);
                return connection;
            } catch (SQLException away) {
                if (System.nanoTime() > deadline) {
                    throw away;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    public void execute(String sql) throws SQLException {
        run(connection -> {
            try (var statement = connection.createStatement()) {
                statement.setEscapeProcessing(false);
                statement.execute(sql);
            }
        });
    }

    void run(Work work) throws SQLException {
        var connection = doubtful || current.isEmpty() ? connection() : current.get();
        try {
            work.on(connection);
        } catch (SQLException failure) {
            doubtful = true;
            throw failure;
        }
    }

    @Override
    public void close() throws SQLException {
        if (current.isPresent()) {
            current.get().close();
        }
    }
}
