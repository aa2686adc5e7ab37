package io.pgsync.torture.client;

import io.pgsync.torture.client.RandomChanges.Transaction;
import io.pgsync.torture.report.StepLog;
import java.sql.Connection;
import java.sql.SQLException;

/** A session that changes the database, as an application would; a transaction that the server refuses is rolled back and over. */
public final class Client implements AutoCloseable {
    private final String name;
    private final Session session;
    private final StepLog log;
    private int committed;
    private int rolledBack;

    /** {@code session} does not commit by itself. */
    public Client(String name, Session session, StepLog log) {
        this.name = name;
        this.session = session;
        this.log = log;
    }

    /** One that is under way when the server goes away is as good as refused, whether it was committed or not. */
    public void run(Transaction transaction) throws SQLException {
        try {
            for (var statement : transaction.statements()) {
                log.step(name, statement);
                session.execute(statement);
            }
            end(transaction.commit());
        } catch (SQLException refused) {
            log.step(name, "-- refused: " + firstLine(refused));
            rollBackIfAnybodyHears();
        }
    }

    private void rollBackIfAnybodyHears() {
        try {
            end(false);
        } catch (SQLException away) {
            log.step(name, "-- and gone: " + firstLine(away));
        }
    }

    private void end(boolean commit) throws SQLException {
        log.step(name, commit ? "COMMIT" : "ROLLBACK");
        if (commit) {
            session.run(Connection::commit);
            committed++;
        } else {
            session.run(Connection::rollback);
            rolledBack++;
        }
    }

    private static String firstLine(SQLException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    public int committed() {
        return committed;
    }

    public int rolledBack() {
        return rolledBack;
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}
