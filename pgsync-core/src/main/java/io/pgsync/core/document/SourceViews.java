package io.pgsync.core.document;

import io.pgsync.core.tree.DocumentTree;
import java.util.Collection;
import reactor.core.publisher.Mono;

/** Port: materialized views in documents. They show committed changes only after a refresh. */
public interface SourceViews {
    /** For documents without such views. */
    SourceViews NONE = trees -> Mono.empty();

    /**
     * Completes when the materialized views of {@code trees} show everything that new statements saw at the
     * subscription. Must be called after the fence of the changes to show. Readers of a view wait meanwhile.
     */
    Mono<Void> refresh(Collection<DocumentTree> trees);
}
