package io.pgsync.cli.conformance;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/** A file of SQL as psql reads it: pg_dump's plain format with its COPY blocks; meta commands are passed over. */
public final class SqlScript {
    private static final Pattern OPENS = pattern("BEGIN|START\\s+TRANSACTION");
    private static final Pattern CLOSES = pattern("COMMIT|END|ROLLBACK(?!\\s+(WORK\\s+|TRANSACTION\\s+)?TO)|ABORT");

    private final List<Statement> statements;

    private SqlScript(List<Statement> statements) {
        this.statements = List.copyOf(statements);
    }

    public static SqlScript read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    public static SqlScript parse(String text) {
        return new SqlScript(new SqlLexer(text).statements());
    }

    public void run(Connection connection) throws SQLException {
        for (var statement : statements) {
            statement.run(connection);
        }
    }

    /** Each a block from BEGIN to its COMMIT or ROLLBACK, or a statement that stands alone. */
    public List<SqlScript> transactions() {
        var transactions = new ArrayList<SqlScript>();
        var block = new ArrayList<Statement>();
        for (var statement : statements) {
            block.add(statement);
            var inBlock = OPENS.matcher(block.get(0).sql()).lookingAt();
            if (!inBlock || CLOSES.matcher(statement.sql()).lookingAt()) {
                transactions.add(new SqlScript(block));
                block.clear();
            }
        }
        if (!block.isEmpty()) {
            throw new IllegalArgumentException("Transaction is not ended: " + block);
        }
        return transactions;
    }

    private static Pattern pattern(String words) {
        return Pattern.compile("(" + words + ")\\b", Pattern.CASE_INSENSITIVE);
    }

    @Override
    public String toString() {
        return String.join("; ", statements.stream().map(Statement::sql).toList());
    }

    /** {@code copied}: what follows {@code COPY … FROM stdin}, else null. */
    record Statement(String sql, String copied) {
        void run(Connection connection) throws SQLException {
            try (var statement = connection.createStatement()) {
                if (copied == null) {
                    // Braces in JSON are no JDBC escapes.
                    statement.setEscapeProcessing(false);
                    statement.execute(sql);
                } else {
                    connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql, new StringReader(copied));
                }
            } catch (IOException e) {
                throw new SQLException(e);
            }
        }
    }
}
