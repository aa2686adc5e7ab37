package io.pgsync.core.document;

import io.pgsync.core.tree.DocumentTree;
import java.util.Collection;
import reactor.core.publisher.Mono;

/** Port: materialized views that documents show. They show what was committed only once they were refreshed. */
public interface SourceViews {
    /** For documents that show none. */
    SourceViews NONE = trees -> Mono.empty();

    /**
     * Completes when the materialized views of {@code trees} show all that new statements saw at the subscription. To be called behind the
     * fence of what they are to show. Readers of a view wait meanwhile.
     */
    Mono<Void> refresh(Collection<DocumentTree> trees);
}
