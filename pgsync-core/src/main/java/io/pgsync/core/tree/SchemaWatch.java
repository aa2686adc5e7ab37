package io.pgsync.core.tree;

import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.failure.Divergence;
import java.util.Collection;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Port: compares trees with the tables as they are now. */
public interface SchemaWatch {
    /** For tables that never change. */
    SchemaWatch NONE = trees -> Flux.empty();

    /** What the trees use and the tables no longer have; changes that affect no document are not reported. */
    Flux<Divergence> drifts(Collection<DocumentTree> trees);

    /** The definitions of each tree, by index; without trees for which they are unknown now. */
    default Mono<Map<String, Definitions>> definitions(Collection<DocumentTree> trees) {
        return Mono.just(Map.of());
    }
}
