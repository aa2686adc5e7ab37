package io.pgsync.runtime.setup;

import io.pgsync.core.catalog.ColumnDefinition;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.catalog.TableDefinition.ReplicaIdentity;
import io.pgsync.core.change.TableName;
import io.pgsync.replication.sql.SqlNames;
import io.pgsync.runtime.config.ReplicaIdentityMode;
import io.pgsync.runtime.source.LinkedTables.Linked;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Makes the log carry the old values of key and link columns, so that they need not be searched for in the index. Every
 * statement is logged before it runs. A table that does not allow it keeps its identity, and the reason is logged.
 */
final class ReplicaIdentities {
    private static final Logger log = LoggerFactory.getLogger(ReplicaIdentities.class);
    private static final int LONGEST_NAME = 63;

    private final IdentityServer server;

    ReplicaIdentities(IdentityServer server) {
        this.server = server;
    }

    Mono<Void> apply(ReplicaIdentityMode mode, Collection<Linked> tables) {
        return Flux.fromIterable(tables)
                .filter(linked ->
                        linked.table().kind() == Kind.TABLE || linked.table().kind() == Kind.PARTITIONED_TABLE)
                .concatMap(linked -> switch (mode) {
                    case KEEP -> Mono.<Void>empty();
                    case FULL -> full(linked.table());
                    case INDEX -> index(linked);
                })
                .then();
    }

    /** For every partition and inheriting table too: the log follows their identities, not that of their parent. */
    private Mono<Void> full(TableDefinition table) {
        boolean isSettled =
                table.replicaIdentity() == ReplicaIdentity.FULL && table.heirs().isEmpty();
        if (table.kind() == Kind.TABLE && isSettled) {
            return Mono.empty();
        }
        Flux<TableName> tables =
                table.kind() == Kind.TABLE ? Flux.fromStream(table::loggedNames) : server.partitions(table.name());
        // All of them first: no query is left half read while tables are altered and locks are waited for.
        return tables.collectList()
                .flatMapIterable(all -> all)
                .concatMap(name -> unlessDangerous(name, Set.of(), alter(name, "FULL")))
                .then();
    }

    private Mono<Void> unlessDangerous(TableName table, Set<String> columns, Mono<Void> change) {
        return server.dangers(table, columns).collectList().flatMap(dangers -> {
            if (dangers.isEmpty()) {
                return change;
            }
            log.warn("Table {} keeps its replica identity: {}", table, String.join(", ", dangers));
            return Mono.empty();
        });
    }

    private Mono<Void> index(Linked linked) {
        TableDefinition table = linked.table();
        List<String> obstacles = obstacles(linked);
        if (!obstacles.isEmpty()) {
            log.warn("Table {} keeps its replica identity: {}", table.name(), String.join(", ", obstacles));
            return Mono.empty();
        }
        if (table.replicaIdentity() == ReplicaIdentity.FULL
                || linked.columns().equals(Set.copyOf(table.primaryKey()))) {
            // The log has these columns already.
            return Mono.empty();
        }
        String name = indexName(linked);
        return unlessDangerous(
                table.name(),
                linked.columns(),
                createIndex(linked, name)
                        .then(Mono.defer(() -> alter(table.name(), "USING INDEX " + SqlNames.quoted(name)))));
    }

    /** What PostgreSQL requires of such an index and its columns, and this table does not offer. */
    private static List<String> obstacles(Linked linked) {
        TableDefinition table = linked.table();
        if (table.kind() == Kind.PARTITIONED_TABLE) {
            return List.of("it is partitioned, and every partition has an identity of its own (full sets them all)");
        }
        if (!table.heirs().isEmpty()) {
            return List.of("others inherit from it, and every one has an identity of its own (full sets them all)");
        }
        if (table.primaryKey().isEmpty()) {
            return List.of("it has no primary key that would make the index unique");
        }
        return linked.columns().stream()
                .filter(column ->
                        !table.column(column).map(ColumnDefinition::notNull).orElse(false))
                .map(column -> "column \"" + column + "\" may be NULL")
                .toList();
    }

    private Mono<Void> createIndex(Linked linked, String name) {
        TableName table = linked.table().name();
        String qualified = SqlNames.quoted(table.schema()) + "." + SqlNames.quoted(name);
        String columns = linked.columns().stream().map(SqlNames::quoted).collect(Collectors.joining(", "));
        Mono<Void> dropBroken = server.isBroken(qualified)
                .filter(broken -> broken)
                .flatMap(broken -> run("DROP INDEX CONCURRENTLY " + qualified));
        return dropBroken.then(run("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS " + SqlNames.quoted(name) + " ON "
                + SqlNames.quoted(table) + " (" + columns + ")"));
    }

    /** ALTER TABLE waits for readers, and everybody else waits behind it. Better fail than block an application. */
    private Mono<Void> alter(TableName table, String identity) {
        String statement = "ALTER TABLE " + SqlNames.quoted(table) + " REPLICA IDENTITY " + identity;
        return Mono.defer(() -> {
            log.info("{}", statement);
            return server.alter(table, statement);
        });
    }

    private Mono<Void> run(String statement) {
        return Mono.defer(() -> {
            log.info("{}", statement);
            return server.run(statement);
        });
    }

    /** Different columns give a different name. */
    private static String indexName(Linked linked) {
        String end = "_pgsync_" + Integer.toHexString(linked.columns().hashCode());
        String table = linked.table().name().table();
        return table.substring(0, Math.min(table.length(), LONGEST_NAME - end.length())) + end;
    }
}
