package io.pgsync.replication.slot;

import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.replication.Cell;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.PostgresFailures;
import io.pgsync.replication.ReplicationNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Keeps a publication at exactly the tables that documents are built from. Partitioned tables are published as one. */
public final class Publications {
    private static final Logger log = LoggerFactory.getLogger(Publications.class);

    private static final String OPTIONS =
            "(publish = 'insert, update, delete, truncate', publish_via_partition_root = true)";
    private static final String HAS_OPTIONS =
            "SELECT pubinsert AND pubupdate AND pubdelete AND pubtruncate AND pubviaroot"
                    + " FROM pg_publication WHERE pubname = $1";
    private static final String TABLES = """
            SELECT n.nspname::text, c.relname::text
              FROM pg_publication p
              JOIN pg_publication_rel r ON r.prpubid = p.oid
              JOIN pg_class c ON c.oid = r.prrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE p.pubname = $1""";

    private final PostgresConnections connections;

    public Publications(PostgresConnections connections) {
        this.connections = connections;
    }

    /** The tables that were added by name; empty when there is no such publication. */
    public Mono<Set<TableName>> tables(String publication) {
        return connections
                .query(
                        TABLES,
                        row -> new TableName(Cell.of(row, 0, String.class), Cell.of(row, 1, String.class)),
                        publication)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Creates or alters the publication so that it holds just {@code tables}, and completes with those it did not hold before. When
     * tables join a publication that exists, completes only after the transactions then running have ended: their changes may not be
     * published, so a load of those tables must not start earlier.
     */
    public Mono<Set<TableName>> ensure(String publication, Collection<TableName> tables) {
        String name = ReplicationNames.require("publication", publication);
        Set<TableName> wanted = new TreeSet<>(tables);
        return connections
                .query(HAS_OPTIONS, row -> Boolean.TRUE.equals(row.get(0, Boolean.class)), name)
                .next()
                .flatMap(hasOptions -> alter(name, wanted, hasOptions))
                .switchIfEmpty(Mono.defer(() -> create(name, wanted)))
                .onErrorMap(failure -> refused(name, failure));
    }

    /** Drops the publication; does nothing when there is none. */
    public Mono<Void> drop(String publication) {
        return connections.execute(
                "DROP PUBLICATION IF EXISTS " + quoted(ReplicationNames.require("publication", publication)));
    }

    private Mono<Set<TableName>> create(String name, Set<TableName> wanted) {
        return connections
                .execute("CREATE PUBLICATION " + quoted(name) + forTables(wanted) + " WITH " + OPTIONS)
                .thenReturn(wanted)
                .doOnSuccess(created -> log.info("Created publication {} of {} tables", name, created.size()));
    }

    private static String forTables(Set<TableName> tables) {
        return tables.isEmpty() ? "" : " FOR TABLE " + list(tables);
    }

    private Mono<Set<TableName>> alter(String name, Set<TableName> wanted, boolean hasOptions) {
        return tables(name).flatMap(present -> {
            Set<TableName> missing = without(wanted, present);
            String statements = alterations(name, missing, without(present, wanted), hasOptions);
            if (statements.isEmpty()) {
                return Mono.just(missing);
            }
            Mono<Void> settled = missing.isEmpty() ? Mono.empty() : new SnapshotWait(connections).untilRunningEnd();
            return connections
                    .execute(statements)
                    .doOnSuccess(done -> log.info("Altered publication {}: {}", name, statements))
                    .then(settled)
                    .thenReturn(missing);
        });
    }

    // Added and dropped one by one, not set as a whole: adding needs ownership, and only for the tables that are added.
    private static String alterations(
            String name, Set<TableName> missing, Set<TableName> unwanted, boolean hasOptions) {
        String alter = "ALTER PUBLICATION " + quoted(name);
        List<String> statements = new ArrayList<>();
        if (!hasOptions) {
            statements.add(alter + " SET " + OPTIONS);
        }
        if (!missing.isEmpty()) {
            statements.add(alter + " ADD TABLE " + list(missing));
        }
        if (!unwanted.isEmpty()) {
            statements.add(alter + " DROP TABLE " + list(unwanted));
        }
        return String.join("; ", statements);
    }

    private static Set<TableName> without(Set<TableName> all, Set<TableName> some) {
        Set<TableName> rest = new TreeSet<>(all);
        rest.removeAll(some);
        return rest;
    }

    private static String list(Set<TableName> tables) {
        return tables.stream()
                .map(table -> quoted(table.schema()) + "." + quoted(table.table()))
                .collect(Collectors.joining(", "));
    }

    private static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    private Throwable refused(String name, Throwable failure) {
        if (!PostgresFailures.sqlState(failure).orElse("").equals("42501")) {
            return failure;
        }
        return new SyncException(
                Remedy.STOP,
                "Publication '%s' at %s: %s. Role '%s' needs CREATE on the database and has to own the published tables"
                        .formatted(
                                name,
                                connections.settings().address(),
                                PostgresFailures.serverMessage(failure),
                                connections.settings().user()),
                failure);
    }
}
