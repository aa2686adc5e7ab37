package io.pgsync.core.affected;

import io.pgsync.core.tree.DocumentTree;
import java.util.Collection;
import java.util.List;
import reactor.core.publisher.Flux;

/**
 * Finds the documents that may show rows which tables do not have any more, when nobody knows which rows these are: all
 * stored documents with any row of the tables, and those that were refused.
 */
public record LostRows(IndexKeyLookup index, RefusedRoots refused) {
    /** {@code tables}: their names. Some roots perhaps twice; demand is honoured. */
    public Flux<RootKey> roots(DocumentTree tree, Collection<String> tables) {
        List<PathToRoot> roles = TableRoles.of(List.of(tree)).all().stream()
                .filter(role -> tables.contains(role.start().name().toString()))
                .toList();
        return roles.isEmpty()
                ? Flux.empty()
                : index.refresh(tree)
                        .thenMany(Flux.fromIterable(roles))
                        .concatMap(role -> index.rootsContainingAny(tree, role.metaTable(), role.metaColumns()), 1)
                        .concatWith(Flux.defer(() -> Flux.fromIterable(refused.of(tree.index()))));
    }
}
