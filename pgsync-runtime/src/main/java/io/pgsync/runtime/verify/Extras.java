package io.pgsync.runtime.verify;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.document.DocumentIds;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.runtime.report.Difference.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Looks for stored documents without a root: page by page, all ids of the index are asked for in the source by key. A
 * document that a plugin drops has a root; the comparison of the documents finds it.
 */
final class Extras {
    private final DocumentTree tree;
    private final Sides sides;
    private final DocumentIds ids;

    Extras(DocumentTree tree, Sides sides) {
        this.tree = tree;
        this.sides = sides;
        this.ids = DocumentIds.of(tree);
    }

    /** Pages of ids. */
    Flux<List<String>> pages(int size) {
        return sides.ids(size).buffer(size);
    }

    /** Those of a page whose roots do not seem to be there. */
    Mono<List<Suspect>> among(List<String> page) {
        Map<String, Optional<RootKey>> roots = new LinkedHashMap<>();
        page.forEach(id -> roots.put(id, ids.rootOf(id).map(key -> new RootKey(tree.index(), key))));
        List<RootKey> named = roots.values().stream().flatMap(Optional::stream).toList();
        return sides.rows(named)
                // If the server fails on a row, the documents of the page are read one by one later.
                .map(rows -> roots.entrySet().stream()
                        .filter(root -> !rows.orElse(Map.of()).containsKey(root.getKey()))
                        .map(root -> new Suspect(root.getKey(), root.getValue(), Kind.EXTRA, List.of(), Suspect.ABSENT))
                        .collect(Collectors.toList()));
    }
}
