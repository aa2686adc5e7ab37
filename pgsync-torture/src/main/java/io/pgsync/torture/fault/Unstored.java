package io.pgsync.torture.fault;

import io.pgsync.torture.client.Session;
import io.pgsync.torture.proxy.Confirmations;
import io.pgsync.torture.proxy.ForeignAnswer;
import io.pgsync.torture.proxy.Obstacles;
import io.pgsync.torture.report.StepLog;
import io.pgsync.torture.report.TortureFailure;
import io.pgsync.torture.tree.Node;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Changes documents while none can be stored, and looks whether the change is confirmed to the server all the same. */
final class Unstored {
    private static final Duration LOOKING = Duration.ofMillis(800);
    /** Longer than five tries take. */
    private static final Duration LOOKING_AT_FOREIGN_ANSWERS = Duration.ofSeconds(6);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final Node root;
    private final Obstacles obstacles;
    private final Confirmations confirmations;
    private final boolean waitsElsewhere;
    private final Session control;
    private final StepLog log;
    private int looks;

    /**
     * {@code obstacles}: those on the way to the engine; {@code waitsElsewhere}: in a log, so that the source may be told of changes before they
     * are stored.
     */
    Unstored(
            Node root,
            Obstacles obstacles,
            Confirmations confirmations,
            boolean waitsElsewhere,
            Session control,
            StepLog log) {
        this.waitsElsewhere = waitsElsewhere;
        this.root = root;
        this.obstacles = obstacles;
        this.confirmations = confirmations;
        this.control = control;
        this.log = log;
    }

    void heldUp() throws SQLException {
        obstacles.holdBulk(true);
        try {
            changeAndLook(LOOKING);
        } finally {
            obstacles.holdBulk(false);
        }
    }

    /** Somebody else answers in the engine's place. False if nothing was asked meanwhile. */
    boolean answeredByAnother(ForeignAnswer answer) throws SQLException {
        obstacles.answer(answer);
        try {
            changeAndLook(LOOKING_AT_FOREIGN_ANSWERS);
        } finally {
            obstacles.stopAnswering();
        }
        return obstacles.answered() > 0;
    }

    private void changeAndLook(Duration time) throws SQLException {
        if (!changesDocuments()) {
            return;
        }
        var behind = position();
        var end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            if (!waitsElsewhere && confirmations.highest() >= behind) {
                throw new TortureFailure(
                        "Position %X was confirmed, although what was committed before %X could not be stored"
                                .formatted(confirmations.highest(), behind));
            }
        }
        looks++;
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
