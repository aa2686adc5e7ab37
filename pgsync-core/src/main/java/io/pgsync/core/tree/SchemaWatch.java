package io.pgsync.core.tree;

import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.failure.Divergence;
import java.util.Collection;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Port: compares trees with the tables as they are now. */
public interface SchemaWatch {
    /** For tables that nobody changes. */
    SchemaWatch NONE = trees -> Flux.empty();

    /** What the trees use and the tables do not have any more; changes that touch no document are not among it. */
    Flux<Divergence> drifts(Collection<DocumentTree> trees);

    /** What decides how the documents of each tree look and is no row, by index; without those that nobody can tell about. */
    default Mono<Map<String, Definitions>> definitions(Collection<DocumentTree> trees) {
        return Mono.just(Map.of());
    }
}
