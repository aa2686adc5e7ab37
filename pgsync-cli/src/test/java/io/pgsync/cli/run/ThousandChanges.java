package io.pgsync.cli.run;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** An application that changes a thousand rows each second, ten in a transaction, of the 2,000 books behind 1,000. */
final class ThousandChanges implements AutoCloseable {
    private static final long PERIOD = TimeUnit.MILLISECONDS.toNanos(10);

    private final Connection connection;
    private final long begin = System.nanoTime();
    private final AtomicLong transactions = new AtomicLong();
    private final CompletableFuture<Void> end;
    private volatile boolean isOver;

    private ThousandChanges(Connection connection) {
        this.connection = connection;
        this.end = CompletableFuture.runAsync(this::write, OwnThread.EACH);
    }

    /** Adds these books first. */
    static ThousandChanges of(Shop shop) throws SQLException {
        shop.execute("INSERT INTO book (id, title, price) SELECT 1000 + n, 'new', 1 FROM generate_series(1, 2010) n");
        return new ThousandChanges(shop.connect());
    }

    private void write() {
        try (var statement = connection.prepareStatement(
                "UPDATE book SET price = price + 1 WHERE id BETWEEN 1001 + ? AND 1010 + ?")) {
            while (!isOver) {
                long transaction = transactions.get();
                // Behind its time, it does not wait.
                LockSupport.parkNanos(begin + transaction * PERIOD - System.nanoTime());
                int first = Math.floorMod(transaction * 10, 2_000);
                statement.setInt(1, first);
                statement.setInt(2, first);
                statement.executeUpdate();
                transactions.incrementAndGet();
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    long perSecond() {
        return transactions.get() * 10 * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begin);
    }

    /** Fails if the changes ended before. */
    @Override
    public void close() throws SQLException {
        isOver = true;
        end.orTimeout(60, TimeUnit.SECONDS).join();
        connection.close();
    }
}
