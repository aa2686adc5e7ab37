package io.pgsync.cli.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.torture.process.PgsyncProcess;
import io.pgsync.torture.server.Servers;
import io.pgsync.torture.truth.DocumentComparison;
import io.pgsync.torture.truth.RowByRowTruth;
import io.pgsync.torture.truth.TrueDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A fixture on a database and indexes of its own, from bootstrap to the last change. */
final class FixtureRun implements AutoCloseable {
    private static final Duration TIME_TO_LOAD = Duration.ofSeconds(60);
    private static final Duration TIME_TO_ARRIVE =
            Duration.ofMillis((long) (1_000 * Double.parseDouble(System.getProperty("pgsync.seconds", "20"))));
    private static final Duration TIME_TO_CATCH_UP = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final String OUR_SLOTS = " FROM pg_replication_slots WHERE database = current_database()";
    private static final AtomicInteger RUNS = new AtomicInteger();

    private final Servers servers;
    private final Fixture fixture;
    private final String prefix = "run" + RUNS.incrementAndGet() + "-";
    private final Path directory;
    private final JsonNode schema;
    private final Connection connection;
    private final List<String> failures = new ArrayList<>();
    private PgsyncProcess daemon;
    private String lastDifferences = "";

    FixtureRun(Servers servers, Fixture fixture) throws Exception {
        this.servers = servers;
        this.fixture = fixture;
        this.schema = fixture.schema();
        this.directory = Files.createTempDirectory("pgsync-conformance");
        var database = servers.postgres().createDatabase();
        Files.writeString(
                directory.resolve("schema.json"),
                fixture.schema(database, prefix).toString());
        this.connection = servers.connect(database);
        fixture.load(connection);
    }

    /** As if every table had been altered to send whole old rows. */
    FixtureRun withFullIdentities() throws SQLException {
        execute("""
                DO $$ DECLARE t regclass; BEGIN
                  FOR t IN SELECT c.oid FROM pg_class c WHERE relkind IN ('r', 'p') AND relnamespace::regnamespace::text !~ '^(pg_|information)'
                  LOOP EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', t); END LOOP; END $$""");
        return this;
    }

    /** Bootstraps, starts the daemon and waits for the first load. */
    void load() throws Exception {
        // One process for both: there are many fixtures, and a JVM takes its time to start.
        daemon = PgsyncProcess.start(directory, servers.environment(), "-b", "-c", "schema.json", "-d");
        expectTruth("the first load", TIME_TO_LOAD);
        compareWithFile("documents.ndjson", fixture.documents().orElse(null));
        assertNoFailures();
    }

    /** Each transaction's documents must be there before the next one begins. */
    void changeStepByStep() throws Exception {
        for (var transaction : fixture.changes().transactions()) {
            transaction.run(connection);
            expectTruth(transaction.toString(), TIME_TO_ARRIVE);
        }
        compareWithFile("documents_after.ndjson", fixture.documentsAfter().orElse(null));
        assertNoFailures();
    }

    void changeAtFullSpeed() throws Exception {
        for (SqlScript transaction : fixture.changes().transactions()) {
            transaction.run(connection);
        }
        expectTruth("all changes", TIME_TO_CATCH_UP);
        compareWithFile("documents_after.ndjson", fixture.documentsAfter().orElse(null));
        assertNoFailures();
    }

    void stop() {
        assertThat(daemon.stop()).as(daemon::output).isZero();
    }

    /** Goes on after a failure: what else goes wrong tells more than the first difference alone. */
    private void expectTruth(String step, Duration time) throws Exception {
        var deadline = System.nanoTime() + time.toNanos();
        var truth = RowByRowTruth.of(connection, schema);
        var differences = differences(truth);
        while (!differences.isEmpty() && System.nanoTime() < deadline && daemon.isRunning()) {
            LockSupport.parkNanos(PAUSE.toNanos());
            differences = differences(truth);
        }
        if (!daemon.isRunning()) {
            throw new AssertionError("pgsync ended after " + step + ":\n" + daemon.output());
        }
        if (!differences.isEmpty() && !differences.equals(lastDifferences)) {
            failures.add("After " + step + "\n" + differences);
        }
        lastDifferences = differences;
    }

    private String differences(List<TrueDocument> truth) throws IOException {
        return DocumentComparison.differences(truth, servers.documents(prefix));
    }

    private void compareWithFile(String name, List<TrueDocument> expected) throws IOException {
        var differences = expected == null ? "" : differences(expected);
        if (!differences.isEmpty()) {
            failures.add("Against " + name + "\n" + differences);
        }
    }

    private void assertNoFailures() {
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.size() + " steps of " + fixture + " went wrong\n"
                    + String.join("\n", failures) + "\npgsync said:\n" + daemon.output());
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException, SQLException {
        if (daemon != null) {
            daemon.close();
        }
        execute("SELECT pg_terminate_backend(active_pid, 5000)" + OUR_SLOTS + " AND active");
        execute("SELECT pg_drop_replication_slot(slot_name)" + OUR_SLOTS);
        connection.close();
        servers.removeIndexes(prefix);
        try (var files = Files.walk(directory)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
