package io.pgsync.cli.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;

/** An application that changes, deletes and brings back books from 1000 on, and what they show, all the time. */
final class BusyShop implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Connection connection;
    private final AtomicLong changes = new AtomicLong();
    private final CompletableFuture<Void> end;
    private volatile boolean isOver;

    BusyShop(Shop shop) throws SQLException {
        this.connection = shop.connect();
        this.end = CompletableFuture.runAsync(this::write, OwnThread.EACH);
        goesOn();
    }

    private void write() {
        var random = new Random(7);
        try (var statement = connection.createStatement()) {
            while (!isOver) {
                // A few books change again and again, and back.
                int book = 1_000 + (random.nextBoolean() ? random.nextInt(20) : random.nextInt(2_000));
                statement.execute(
                        switch (random.nextInt(5)) {
                            case 0 ->
                                "UPDATE book SET title = CASE title WHEN 'Here' THEN 'There' ELSE 'Here' END WHERE id = "
                                        + book;
                            case 1 ->
                                "DELETE FROM review WHERE book_id = %1$d; DELETE FROM book WHERE id = %1$d"
                                        .formatted(book);
                            case 2, 3 ->
                                "INSERT INTO book VALUES (%d, 'Again', NULL, 1.10, 2) ON CONFLICT DO NOTHING"
                                        .formatted(book);
                            default -> "UPDATE review SET stars = 1 + (stars %% 5) WHERE book_id = %d".formatted(book);
                        });
                // At most 250 changes a second: the servers share their machine with whoever follows.
                statement.execute("SELECT pg_sleep(0.004)");
                changes.incrementAndGet();
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Returns after some more changes. */
    void goesOn() {
        long wanted = changes.get() + 200;
        Awaitility.await().atMost(PATIENCE).until(() -> end.isDone() || changes.get() >= wanted);
    }

    @Override
    public void close() throws SQLException {
        goesOn();
        isOver = true;
        end.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        connection.close();
    }
}
