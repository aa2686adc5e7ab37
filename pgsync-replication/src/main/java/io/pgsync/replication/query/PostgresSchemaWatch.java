package io.pgsync.replication.query;

import io.pgsync.core.catalog.AttachedPartition;
import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.SchemaWatch;
import io.pgsync.core.tree.TreeComparison;
import io.pgsync.replication.catalog.HiddenRows;
import io.pgsync.replication.catalog.PartitionIdentity;
import io.pgsync.replication.catalog.PgCatalog;
import io.pgsync.replication.catalog.PgDefinitions;
import io.pgsync.replication.connection.LockWait;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.pgsync.replication.connection.TableLockedException;
import io.pgsync.replication.slot.Publication;
import io.pgsync.replication.slot.Publications;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Compares trees with {@code pg_catalog} and with the publication. It also lets the server plan the query of each tree,
 * because only that shows problems with the columns of conditions and with the rights on what views read. If a table is
 * locked exclusively, the answer is not known now: this is told once, and the next look asks again. Safe from any
 * thread.
 */
public final class PostgresSchemaWatch implements SchemaWatch {
    private static final Logger log = LoggerFactory.getLogger(PostgresSchemaWatch.class);

    private final PostgresConnections connections;
    private final String publication;
    private final Set<String> suspects;
    private final Consumer<String> notKnown;
    private final Set<String> unknown = ConcurrentHashMap.newKeySet();

    /** Logs what is not known now. */
    public PostgresSchemaWatch(PostgresConnections connections, String publication) {
        this(connections, publication, Set.of());
    }

    /**
     * {@code suspects}: indexes of which the server has just refused a statement, so all their statements are planned.
     */
    public PostgresSchemaWatch(PostgresConnections connections, String publication, Set<String> suspects) {
        this(connections, publication, suspects, message -> log.warn("{}", message));
    }

    /** {@code notKnown} is told what is not known now, and why. */
    public PostgresSchemaWatch(
            PostgresConnections connections, String publication, Set<String> suspects, Consumer<String> notKnown) {
        this.connections = connections;
        this.publication = publication;
        this.suspects = Set.copyOf(suspects);
        this.notKnown = notKnown;
    }

    @Override
    public Flux<Divergence> drifts(Collection<DocumentTree> trees) {
        return look(trees).flatMapMany(now -> Flux.fromIterable(trees).concatMap(tree -> drifts(tree, now)));
    }

    /** The present state of the tables of all trees. */
    private record Look(
            Catalog catalog,
            Optional<Publication> publication,
            List<PartitionIdentity> nameless,
            Set<TableName> hidden) {}

    private Mono<Look> look(Collection<DocumentTree> trees) {
        return Mono.zip(
                        catalog(trees),
                        known(
                                        "what publication \"" + publication + "\" has",
                                        new Publications(connections).look(publication))
                                .map(Optional::of)
                                .defaultIfEmpty(Optional.empty()),
                        PartitionIdentity.weaker(connections, names(trees))
                                .filter(partition -> !partition.namesRows())
                                .collectList(),
                        HiddenRows.of(connections, names(trees)).collect(Collectors.toSet()))
                .map(now -> new Look(now.getT1(), now.getT2(), now.getT3(), now.getT4()));
    }

    @Override
    public Mono<Map<String, Definitions>> definitions(Collection<DocumentTree> trees) {
        return catalog(trees)
                .flatMap(now -> Flux.fromIterable(trees)
                        .concatMap(tree -> known(
                                        "whether what index \"" + tree.index() + "\" shows was redefined",
                                        PgDefinitions.load(connections, publication, tree, now))
                                .map(definitions -> Map.entry(tree.index(), definitions)))
                        .collectMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public Mono<String> partitions(Collection<DocumentTree> trees) {
        return new PartitionQueries(connections).marks(trees);
    }

    @Override
    public Mono<Optional<String>> rootsWithRowsOf(DocumentTree tree, Map<String, List<AttachedPartition>> partitions) {
        return known(
                "which documents the new partitions of index \"" + tree.index() + "\" concern",
                new PartitionQueries(connections).rootsWithRowsOf(tree, partitions));
    }

    /** Empty if the answer is not known now. */
    private <T> Mono<T> known(String what, Mono<T> answer) {
        return answer.doOnSuccess(found -> unknown.remove(what)).onErrorResume(TableLockedException.class, locked -> {
            if (unknown.add(what)) {
                notKnown.accept("Not known now: %s. %s".formatted(what, locked.getMessage()));
            }
            return Mono.empty();
        });
    }

    private Mono<Catalog> catalog(Collection<DocumentTree> trees) {
        return PgCatalog.load(connections, names(trees));
    }

    private static Set<TableName> names(Collection<DocumentTree> trees) {
        return trees.stream()
                .flatMap(tree -> tree.tables().stream())
                .map(TableDefinition::name)
                .collect(Collectors.toSet());
    }

    private Flux<Divergence> drifts(DocumentTree tree, Look now) {
        List<Divergence> found = TreeComparison.drifts(tree, now.catalog());
        if (found.isEmpty()) {
            found = now.publication().map(has -> unpublished(tree, has)).orElse(found);
        }
        if (found.isEmpty()) {
            found = nameless(tree, now.nameless());
        }
        if (found.isEmpty()) {
            found = hidden(tree, now.hidden());
        }
        return found.isEmpty() ? refusal(tree).switchIfEmpty(suspicion(tree)).flux() : Flux.fromIterable(found);
    }

    private Mono<Divergence> suspicion(DocumentTree tree) {
        return Mono.defer(() -> suspects.contains(tree.index())
                ? planned(tree, new StatementCheck(connections).divergence(tree))
                : Mono.empty());
    }

    /**
     * Finds tables that were dropped and created again: they have the old name and form, but their changes are not
     * published.
     */
    private static List<Divergence> unpublished(DocumentTree tree, Publication publication) {
        Set<TableName> logged = tree.tables().stream()
                .flatMap(TableDefinition::loggedNames)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        return publication.unpublished(logged).entrySet().stream()
                .map(table -> divergence(
                        Kind.UNPUBLISHED, tree, "needs \"%s\", %s".formatted(table.getKey(), table.getValue())))
                .toList();
    }

    private static List<Divergence> hidden(DocumentTree tree, Set<TableName> hidden) {
        return names(List.of(tree)).stream()
                .filter(hidden::contains)
                .sorted()
                .map(table -> divergence(
                        Kind.ROWS_HIDDEN,
                        tree,
                        "needs \"%s\", of which row-level security may hide rows from the role".formatted(table)))
                .toList();
    }

    /** Finds partitions whose changes do not name the changed row. */
    private static List<Divergence> nameless(DocumentTree tree, List<PartitionIdentity> partitions) {
        Set<TableName> tables =
                tree.tables().stream().map(TableDefinition::name).collect(Collectors.toSet());
        return partitions.stream()
                .filter(partition -> tables.contains(partition.table()))
                .map(partition -> drift(
                        tree,
                        "needs \"%s\", whose partition \"%s\" has a replica identity without the primary key"
                                .formatted(partition.table(), partition.partition())))
                .toList();
    }

    private Mono<Divergence> refusal(DocumentTree tree) {
        String sql = "EXPLAIN " + new DocumentSql(tree).byRange(false, false);
        Mono<Divergence> refused = LockWait.on(connections, names(List.of(tree)))
                .ask(connection -> PostgresConnections.query(connection, sql, row -> true))
                .then(Mono.<Divergence>empty())
                .retryWhen(RowFaults.onceMore())
                .onErrorResume(
                        PostgresFailures::isRefusal,
                        failure -> Mono.just(divergence(
                                PostgresFailures.isOfARight(failure) ? Kind.UNREADABLE : Kind.SCHEMA_DRIFT,
                                tree,
                                "is refused by PostgreSQL: " + PostgresFailures.serverMessage(failure))));
        return planned(tree, refused);
    }

    private Mono<Divergence> planned(DocumentTree tree, Mono<Divergence> refused) {
        return known("whether PostgreSQL plans the queries of index \"" + tree.index() + "\"", refused);
    }

    private static Divergence drift(DocumentTree tree, String what) {
        return divergence(Kind.SCHEMA_DRIFT, tree, what);
    }

    private static Divergence divergence(Kind kind, DocumentTree tree, String what) {
        return new Divergence(
                kind, tree.index(), "node %s %s".formatted(tree.root().pointer(), what));
    }
}
