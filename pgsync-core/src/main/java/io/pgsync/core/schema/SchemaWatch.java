package io.pgsync.core.schema;

import java.util.Collection;
import reactor.core.publisher.Flux;

/** Port: compares trees with the tables as they are now. */
public interface SchemaWatch {
    /** For tables that nobody changes. */
    SchemaWatch NONE = trees -> Flux.empty();

    /** What the trees use and the tables do not have any more; changes that touch no document are not among it. */
    Flux<SchemaDrift> drifts(Collection<DocumentTree> trees);
}
