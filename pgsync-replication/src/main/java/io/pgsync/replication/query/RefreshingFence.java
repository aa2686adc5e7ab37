package io.pgsync.replication.query;

import io.pgsync.core.change.TableName;
import io.pgsync.core.change.VisibilityFence;
import io.pgsync.core.change.Xid;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.TableDefinition.Kind;
import io.pgsync.core.schema.TreeNode;
import io.pgsync.replication.PostgresConnections;
import io.pgsync.replication.PostgresFailures;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A fence behind which the materialized views of the trees show the committed work too: as PGSync does, it refreshes them for every window
 * of changes. They are locked meanwhile, and only their owner may refresh them.
 */
public final class RefreshingFence implements VisibilityFence {
    private final VisibilityFence fence;
    private final PostgresConnections connections;
    private final List<TableName> views;

    private RefreshingFence(VisibilityFence fence, PostgresConnections connections, List<TableName> views) {
        this.fence = fence;
        this.connections = connections;
        this.views = views;
    }

    /** {@code fence} itself if the trees show no materialized view. */
    public static VisibilityFence of(
            VisibilityFence fence, PostgresConnections connections, Collection<DocumentTree> trees) {
        List<TableName> views = trees.stream()
                .flatMap(tree -> nodes(tree.root()))
                .filter(node -> node.table().kind() == Kind.MATERIALIZED_VIEW)
                .map(node -> node.table().name())
                .distinct()
                .toList();
        return views.isEmpty() ? fence : new RefreshingFence(fence, connections, views);
    }

    private static Stream<TreeNode> nodes(TreeNode node) {
        return Stream.concat(Stream.of(node), node.children().stream().flatMap(RefreshingFence::nodes));
    }

    @Override
    public Mono<Void> awaitVisible(Collection<Xid> committed) {
        // One after another: a view may read those that the file names before it.
        return fence.awaitVisible(committed)
                .thenMany(Flux.fromIterable(views).concatMap(this::refresh, 1))
                .then();
    }

    /** One that is gone does not hold up the documents that do not show it. */
    private Mono<Void> refresh(TableName view) {
        return connections
                .<Void>useOne(connection -> Flux.from(connection
                                .createStatement("REFRESH MATERIALIZED VIEW " + Sql.name(view))
                                .execute())
                        .concatMap(result -> result.getRowsUpdated())
                        .then())
                .onErrorResume(
                        failure -> PostgresFailures.sqlState(failure)
                                .filter("42P01"::equals)
                                .isPresent(),
                        gone -> Mono.empty());
    }
}
