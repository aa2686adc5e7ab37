package io.pgsync.bench.load;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;

/** The database that is loaded and changed. All methods block; for one thread. */
final class Bookshop implements AutoCloseable {
    static final String DATABASE = "bookshop";
    static final String INDEX = "bookshop";
    static final int BOOKS_PER_PUBLISHER = 100;
    static final int FEWEST_BOOKS = BOOKS_PER_PUBLISHER;

    private static final int BOOKS_PER_AUTHOR = 4;

    private final PostgresAccess access;
    private final Connection connection;
    private final int books;

    private Bookshop(PostgresAccess access, Connection connection, int books) {
        this.access = access;
        this.connection = connection;
        this.books = books;
    }

    /** Creates the database, which must not be there yet. */
    static Bookshop create(PostgresAccess access, int books) throws SQLException {
        try (Connection maintenance = access.connect("postgres")) {
            execute(maintenance, "CREATE DATABASE " + DATABASE);
        }
        var shop = new Bookshop(access, access.connect(DATABASE), books);
        execute(
                shop.connection,
                Resources.text("bookshop.sql")
                        .replace(":books", Integer.toString(books))
                        .replace(":publishers", Integer.toString(shop.publishers()))
                        .replace(":authors", Integer.toString(books / BOOKS_PER_AUTHOR)));
        execute(shop.connection, "VACUUM ANALYZE");
        return shop;
    }

    int books() {
        return books;
    }

    int publishers() {
        return books / BOOKS_PER_PUBLISHER;
    }

    /** The books of one publisher. */
    List<Integer> booksOf(int publisher) {
        return IntStream.rangeClosed(1, books)
                .filter(book -> 1 + book % publishers() == publisher)
                .boxed()
                .toList();
    }

    Connection connection() {
        return connection;
    }

    /** One transaction that counts up {@code rev} of a run of books; the last one included. */
    void revise(int firstBook, int lastBook) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement("UPDATE book SET rev = rev + 1 WHERE id BETWEEN ? AND ?")) {
            update.setInt(1, firstBook);
            update.setInt(2, lastBook);
            update.executeUpdate();
        }
    }

    /** Changes one row and returns the nanoTime just before its commit was sent. */
    long changeOne(String statement, Object value, int id) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement update = connection.prepareStatement(statement)) {
            update.setObject(1, value);
            update.setInt(2, id);
            update.executeUpdate();
            long committing = System.nanoTime();
            connection.commit();
            return committing;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /** Removes the database, for servers that go on. */
    @Override
    public void close() throws SQLException {
        connection.close();
        try (Connection maintenance = access.connect("postgres")) {
            execute(maintenance, "DROP DATABASE " + DATABASE + " WITH (FORCE)");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
