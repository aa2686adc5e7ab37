package io.pgsync.core.affected;

import io.pgsync.core.tree.DocumentTree;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Searches what is stored, once everything under way is: a document that was read before a change may hold the row and not be stored yet, and must
 * be found too.
 */
public final class StoredSearches implements IndexSearches {
    private final Map<String, DocumentTree> trees;
    private final IndexKeyLookup index;
    private final RefusedRoots refused;
    private final Mono<Void> settled;

    /**
     * {@code settled} completes when every read that began before its subscription is stored, and every root that was handed over before.
     */
    public StoredSearches(
            Collection<DocumentTree> trees, IndexKeyLookup index, RefusedRoots refused, Mono<Void> settled) {
        this.trees = trees.stream().collect(Collectors.toMap(DocumentTree::index, Function.identity()));
        this.index = index;
        this.refused = refused;
        this.settled = settled;
    }

    @Override
    public Flux<RootKey> roots(IndexSearch search) {
        return searchable(Set.of(search.index())).thenMany(found(search));
    }

    /** Completes when everything that was under way at the subscription can be found in these indexes. */
    public Mono<Void> searchable(Collection<String> indexes) {
        return settled.thenMany(Flux.fromIterable(indexes))
                .concatMap(name -> index.refresh(tree(name)))
                .then();
    }

    /** What can be found now. */
    public Flux<RootKey> found(IndexSearch search) {
        DocumentTree tree = tree(search.index());
        Flux<RootKey> stored = search.keys()
                .map(keys -> index.rootsContaining(tree, search.table(), search.columns(), keys))
                .orElseGet(() -> index.rootsContainingAny(tree, search.table(), search.columns()));
        return stored.concatWith(Flux.defer(() -> Flux.fromIterable(refused.of(tree.index()))));
    }

    private DocumentTree tree(String name) {
        return Objects.requireNonNull(trees.get(name), name);
    }
}
