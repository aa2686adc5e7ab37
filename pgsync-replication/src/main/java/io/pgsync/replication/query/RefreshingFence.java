package io.pgsync.replication.query;

import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.change.TableName;
import io.pgsync.core.change.VisibilityFence;
import io.pgsync.core.change.Xid;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.PostgresFailures;
import io.pgsync.replication.sql.SqlNames;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A fence behind which the materialized views of the trees show the committed work too: as PGSync does, it refreshes them for every window
 * of changes. They are locked meanwhile, and only their owner may refresh them.
 */
public final class RefreshingFence implements VisibilityFence {
    private static final String IS_THERE =
            "SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2";

    private final VisibilityFence fence;
    private final PostgresConnections connections;
    private final Map<TableName, Set<DocumentTree>> views;

    private RefreshingFence(
            VisibilityFence fence, PostgresConnections connections, Map<TableName, Set<DocumentTree>> views) {
        this.fence = fence;
        this.connections = connections;
        this.views = views;
    }

    /** {@code fence} itself if the trees show no materialized view. */
    public static VisibilityFence of(
            VisibilityFence fence, PostgresConnections connections, Collection<DocumentTree> trees) {
        // In the order of the file.
        var views = new LinkedHashMap<TableName, Set<DocumentTree>>();
        trees.forEach(tree -> nodes(tree.root())
                .filter(node -> node.table().kind() == Kind.MATERIALIZED_VIEW)
                .forEach(node -> views.computeIfAbsent(node.table().name(), name -> new LinkedHashSet<>())
                        .add(tree)));
        return views.isEmpty() ? fence : new RefreshingFence(fence, connections, views);
    }

    private static Stream<TreeNode> nodes(TreeNode node) {
        return Stream.concat(Stream.of(node), node.children().stream().flatMap(RefreshingFence::nodes));
    }

    @Override
    public Mono<Void> awaitVisible(Collection<Xid> committed) {
        // One after another: a view may read those that the file names before it.
        return fence.awaitVisible(committed)
                .thenMany(Flux.fromIterable(views.keySet()).concatMap(this::refresh, 1))
                .then();
    }

    /** One that is gone does not hold up the documents that do not show it; one that cannot be refreshed sets aside those that do. */
    private Mono<Void> refresh(TableName view) {
        return connections
                .<Void>useOne(connection -> Flux.from(connection
                                .createStatement("REFRESH MATERIALIZED VIEW " + SqlNames.quoted(view))
                                .execute())
                        .concatMap(result -> result.getRowsUpdated())
                        .then())
                .retryWhen(RowFaults.onceMore())
                .onErrorResume(RefreshingFence::isOfAName, failure -> unlessGone(view, failure))
                .onErrorMap(failure -> RowFaults.ofDocuments(
                        failure,
                        views.getOrDefault(view, Set.of()),
                        "materialized view \"%s\" cannot be refreshed".formatted(view)));
    }

    private static boolean isOfAName(Throwable failure) {
        return PostgresFailures.sqlState(failure).filter("42P01"::equals).isPresent();
    }

    /** A function that the view calls may miss a table too. */
    private Mono<Void> unlessGone(TableName view, Throwable failure) {
        return connections
                .query(IS_THERE, row -> true, view.schema(), view.table())
                .next()
                .flatMap(there -> Mono.error(failure));
    }
}
