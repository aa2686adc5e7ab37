package io.pgsync.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** An application that updates and deletes rows of one table all the time, and notes every statement that failed. */
final class WriterOfATable implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Connection connection;
    private final String table;
    private final AtomicLong rounds = new AtomicLong();
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<Void> end;
    private volatile boolean isOver;

    /** The table has columns {@code id} and {@code n}, and rows from 1 on. */
    WriterOfATable(Shop shop, String table) throws SQLException {
        this.connection = shop.connect();
        this.table = table;
        this.end = CompletableFuture.runAsync(this::write, OwnThread.EACH);
        goesOn();
    }

    private void write() {
        while (!isOver) {
            run("UPDATE " + table + " SET n = n + 1 WHERE id = 1");
            run("DELETE FROM " + table + " WHERE id = 2");
            run("INSERT INTO " + table + " (id, n) VALUES (2, 0)");
            rounds.incrementAndGet();
        }
    }

    private void run(String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            errors.add(sql + ": " + failure.getMessage());
        }
    }

    /** Returns after some more statements. */
    void goesOn() {
        long wanted = rounds.get() + 20;
        Awaitility.await().atMost(PATIENCE).until(() -> rounds.get() >= wanted);
    }

    @Override
    public void close() throws SQLException {
        goesOn();
        isOver = true;
        end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        connection.close();
        assertThat(errors).isEmpty();
    }
}
