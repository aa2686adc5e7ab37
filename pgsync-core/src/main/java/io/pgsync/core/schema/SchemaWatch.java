package io.pgsync.core.schema;

import io.pgsync.core.failure.Divergence;
import java.util.Collection;
import reactor.core.publisher.Flux;

/** Port: compares trees with the tables as they are now. */
public interface SchemaWatch {
    /** For tables that nobody changes. */
    SchemaWatch NONE = trees -> Flux.empty();

    /** What the trees use and the tables do not have any more; changes that touch no document are not among it. */
    Flux<Divergence> drifts(Collection<DocumentTree> trees);
}
