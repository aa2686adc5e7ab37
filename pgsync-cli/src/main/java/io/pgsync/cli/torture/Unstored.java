package io.pgsync.cli.torture;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Changes documents while none can be stored, and looks whether the change is confirmed to the server all the same. */
final class Unstored {
    private static final Duration LOOKING = Duration.ofMillis(800);

    private final Node root;
    private final FaultyProxy elasticsearch;
    private final Confirmations confirmations;
    private final Session control;
    private final StepLog log;
    private int looks;

    Unstored(Node root, FaultyProxy elasticsearch, Confirmations confirmations, Session control, StepLog log) {
        this.root = root;
        this.elasticsearch = elasticsearch;
        this.confirmations = confirmations;
        this.control = control;
        this.log = log;
    }

    void mustStayUnconfirmed() throws SQLException {
        elasticsearch.holdBulk(true);
        try {
            if (changesDocuments()) {
                var behind = position();
                LockSupport.parkNanos(LOOKING.toNanos());
                if (confirmations.highest() >= behind) {
                    throw new TortureFailure(
                            "Position %X was confirmed, although what was committed before %X could not be stored"
                                    .formatted(confirmations.highest(), behind));
                }
                looks++;
            }
        } finally {
            elasticsearch.holdBulk(false);
        }
    }

    /** False where there is no document, or other clients are in the way. */
    private boolean changesDocuments() {
        var change = "UPDATE %s SET name = name || '~' WHERE %s"
                .formatted(root.table().name(), root.written().path("where").asText("true"));
        log.step("control", change);
        try (var statement = control.connection().createStatement()) {
            return statement.executeUpdate(change) > 0;
        } catch (SQLException refused) {
            log.step("control", "-- refused: " + refused.getMessage());
            return false;
        }
    }

    private long position() throws SQLException {
        try (var statement = control.connection().createStatement();
                var rows = statement.executeQuery("SELECT (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public String toString() {
        return looks + " looks at unstored changes";
    }
}
