package io.pgsync.cli.torture;

import io.pgsync.cli.torture.RandomChanges.Transaction;
import java.sql.Connection;
import java.sql.SQLException;

/** A session that changes the database, as an application would; a transaction that the server refuses is rolled back and over. */
final class Client implements AutoCloseable {
    private final String name;
    private final Connection connection;
    private final StepLog log;
    private int committed;
    private int rolledBack;

    Client(String name, Connection connection, StepLog log) throws SQLException {
        this.name = name;
        this.connection = connection;
        this.log = log;
        connection.setAutoCommit(false);
    }

    void run(Transaction transaction) throws SQLException {
        try {
            for (var statement : transaction.statements()) {
                log.step(name, statement);
                execute(statement);
            }
            end(transaction.commit());
        } catch (SQLException refused) {
            log.step(name, "-- refused: " + firstLine(refused));
            end(false);
        }
    }

    private void end(boolean commit) throws SQLException {
        log.step(name, commit ? "COMMIT" : "ROLLBACK");
        if (commit) {
            connection.commit();
            committed++;
        } else {
            connection.rollback();
            rolledBack++;
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private static String firstLine(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    int committed() {
        return committed;
    }

    int rolledBack() {
        return rolledBack;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
