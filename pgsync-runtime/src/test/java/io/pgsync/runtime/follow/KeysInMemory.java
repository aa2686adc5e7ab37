package io.pgsync.runtime.follow;

import io.pgsync.core.affected.IndexKeyLookup;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.tree.DocumentTree;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Tells which indexes were refreshed; finds nothing. */
final class KeysInMemory implements IndexKeyLookup {
    final List<String> refreshed = new ArrayList<>();

    @Override
    public Mono<Void> refresh(DocumentTree tree) {
        return Mono.fromRunnable(() -> refreshed.add(tree.index()));
    }

    @Override
    public Flux<RootKey> rootsContaining(
            DocumentTree tree, String table, List<String> columns, List<List<String>> keys) {
        return Flux.empty();
    }

    @Override
    public Flux<RootKey> rootsContainingAny(DocumentTree tree, String table, List<String> columns) {
        return Flux.empty();
    }
}
