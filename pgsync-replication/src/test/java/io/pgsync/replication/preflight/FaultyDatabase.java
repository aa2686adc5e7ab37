package io.pgsync.replication.preflight;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Finding;
import io.pgsync.embedded.postgres.PostgresServers;
import io.pgsync.replication.TestDatabase;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.stream.StreamSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A database with a fault that a preflight is to find, and whose remedy is to mend it. All methods block. */
final class FaultyDatabase implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final StreamSettings SETTINGS = new StreamSettings("preflight", "preflight");

    private final TestDatabase database;

    FaultyDatabase(TestDatabase database, String... faults) {
        this.database = database;
        database.execute(faults);
    }

    /** On the server of all tests. */
    static FaultyDatabase with(String... faults) {
        return new FaultyDatabase(TestDatabase.on(PostgresServers.shared()), faults);
    }

    String name() {
        return connections().settings().database();
    }

    PostgresConnections connections() {
        return database.connections();
    }

    void execute(String... statements) {
        database.execute(statements);
    }

    /** What a run is told of tables of which it wants the column id. */
    List<Finding> check(String... tables) {
        return check(connections(), allWanted(tables), Set.of());
    }

    /** @param connections of the role that asks */
    List<Finding> check(PostgresConnections connections, List<WantedTable> wanted, Set<TableName> named) {
        return new Preflight(connections).check(SETTINGS, wanted, named).block(PATIENCE);
    }

    /** What doctor says of a subject, by the words with which it begins. */
    List<Finding> examine(String subject, String... tables) {
        return new Preflight(connections())
                .examine(SETTINGS, allWanted(tables), Set.of()).block(PATIENCE).stream()
                        .filter(finding -> finding.subject().startsWith(subject))
                        .toList();
    }

    private static List<WantedTable> allWanted(String... tables) {
        return Stream.of(tables).map(table -> wanted(table, "id")).toList();
    }

    static WantedTable wanted(String table, String... columns) {
        return new WantedTable(new TableName("public", table), Set.of(columns));
    }

    /** Does what the findings say. */
    void mend(List<Finding> findings) {
        findings.forEach(finding -> execute(finding.remedy()));
    }

    @Override
    public void close() {
        database.close();
    }
}
