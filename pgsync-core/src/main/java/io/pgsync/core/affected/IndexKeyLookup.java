package io.pgsync.core.affected;

import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Port: finds the stored documents that contain a row, by the keys in their {@code _meta}. */
public interface IndexKeyLookup {
    /** Makes everything stored so far searchable. A refresh with failed shards is a failure. */
    Mono<Void> refresh(DocumentTree tree);

    /**
     * The roots of the documents whose {@code _meta.<table>} lists one of the keys. As of the last refresh. May return
     * more roots, because the lists do not keep the pairs of composite keys together. A search with failed shards or
     * partial results is a failure. Demand is honoured.
     *
     * @param keys a list per row, in the order of {@code columns}
     */
    Flux<RootKey> rootsContaining(DocumentTree tree, String table, List<String> columns, List<List<String>> keys);

    /** The roots of all documents that contain any row of the table; for the root's table, those of all documents. */
    Flux<RootKey> rootsContainingAny(DocumentTree tree, String table, List<String> columns);
}
