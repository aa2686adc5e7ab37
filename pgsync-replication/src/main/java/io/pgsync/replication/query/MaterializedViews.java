package io.pgsync.replication.query;

import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.change.TableName;
import io.pgsync.core.document.SourceViews;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.replication.connection.PostgresConnections;
import io.pgsync.replication.connection.PostgresFailures;
import io.pgsync.replication.sql.SqlNames;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Refreshes the materialized views of documents for every window of changes, as PGSync does. Only the owner of a view
 * may refresh it. Safe from any thread.
 */
public final class MaterializedViews implements SourceViews {
    private static final String IS_THERE =
            "SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2";

    private final PostgresConnections connections;

    public MaterializedViews(PostgresConnections connections) {
        this.connections = connections;
    }

    @Override
    public Mono<Void> refresh(Collection<DocumentTree> trees) {
        // One after the other: a view may read one that the file names before it.
        return Flux.fromIterable(views(trees).entrySet())
                .concatMap(view -> refresh(view.getKey(), view.getValue()), 1)
                .then();
    }

    /** In the order of the file, each with the documents that show it. */
    private static Map<TableName, Set<DocumentTree>> views(Collection<DocumentTree> trees) {
        var views = new LinkedHashMap<TableName, Set<DocumentTree>>();
        trees.forEach(tree -> tree.root()
                .nodes()
                .filter(node -> node.table().kind() == Kind.MATERIALIZED_VIEW)
                .forEach(node -> views.computeIfAbsent(node.table().name(), name -> new LinkedHashSet<>())
                        .add(tree)));
        return views;
    }

    /**
     * If the view is gone, only the documents that show it are affected. If it cannot be refreshed, those are set
     * aside.
     */
    private Mono<Void> refresh(TableName view, Set<DocumentTree> trees) {
        return connections
                .<Void>useOne(connection -> Flux.from(connection
                                .createStatement("REFRESH MATERIALIZED VIEW " + SqlNames.quoted(view))
                                .execute())
                        .concatMap(result -> result.getRowsUpdated())
                        .then())
                .retryWhen(RowFaults.onceMore())
                .onErrorResume(MaterializedViews::isOfAName, failure -> unlessGone(view, failure))
                .onErrorMap(failure -> RowFaults.ofDocuments(
                        failure, trees, "materialized view \"%s\" cannot be refreshed".formatted(view)));
    }

    private static boolean isOfAName(Throwable failure) {
        return PostgresFailures.sqlState(failure).filter("42P01"::equals).isPresent();
    }

    /** The failure alone proves nothing: a function that the view calls may also miss a table. */
    private Mono<Void> unlessGone(TableName view, Throwable failure) {
        return connections
                .query(IS_THERE, row -> true, view.schema(), view.table())
                .next()
                .flatMap(there -> Mono.error(failure));
    }
}
