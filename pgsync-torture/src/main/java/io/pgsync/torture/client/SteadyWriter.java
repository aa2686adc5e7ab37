package io.pgsync.torture.client;

import io.pgsync.torture.report.StepLog;
import io.pgsync.torture.report.TortureFailure;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * An application that was there before pgsync and writes all the time. The server may refuse its statements for reasons of the
 * application, or go away; any other failure is pgsync's. One thread writes, another one has all other methods to itself.
 */
public final class SteadyWriter implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(25);
    /** Of SQLSTATEs: connections, integrity, transactions rolled back, the operator's intervention. */
    private static final Set<String> PARDONED = Set.of("08", "23", "40", "57");

    private final RandomChanges changes;
    private final Session session;
    private final StepLog log;
    private final Semaphore turn = new Semaphore(1, true);
    private boolean paused;
    private volatile boolean closed;
    private volatile Optional<String> failure = Optional.empty();
    private final AtomicInteger statements = new AtomicInteger();

    /** {@code session} commits by itself. */
    public SteadyWriter(RandomChanges changes, Session session, StepLog log) {
        this.changes = changes;
        this.session = session;
        this.log = log;
    }

    /** Blocks until {@link #close}. */
    public void write() {
        while (!closed) {
            turn.acquireUninterruptibly();
            try {
                writeOne(changes.small());
            } finally {
                turn.release();
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void writeOne(String statement) {
        if (closed) {
            return;
        }
        log.step("steady", statement);
        try {
            session.execute(statement);
            statements.incrementAndGet();
        } catch (SQLException refused) {
            log.step("steady", "-- refused: " + refused.getMessage());
            var state = Optional.ofNullable(refused.getSQLState()).orElse("none");
            if (!closed && !PARDONED.contains(state.substring(0, 2))) {
                failure = Optional.of("%s: %s (SQLSTATE %s)".formatted(statement, refused.getMessage(), state));
            }
        }
    }

    /** Waits for the statement under way; the next one waits for {@link #resume}. */
    public void pause() {
        if (!paused) {
            turn.acquireUninterruptibly();
            paused = true;
        }
    }

    public void resume() {
        if (paused) {
            paused = false;
            turn.release();
        }
    }

    /** Throws if a statement failed that would not have failed without pgsync. */
    public void mustHaveSucceeded() {
        failure.ifPresent(what -> {
            throw new TortureFailure("A statement of an application failed: " + what);
        });
    }

    @Override
    public String toString() {
        return statements + " steady writes";
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        pause();
        session.close();
        resume();
    }
}
