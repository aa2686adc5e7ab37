package io.pgsync.core.tree;

import io.pgsync.core.catalog.AttachedPartition;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.failure.Divergence;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Port: compares trees with the tables as they are now. */
public interface SchemaWatch {
    /** For tables that never change. */
    SchemaWatch NONE = trees -> Flux.empty();

    /** What the trees use and the tables no longer have; changes that affect no document are not reported. */
    Flux<Divergence> drifts(Collection<DocumentTree> trees);

    /**
     * A condition over the columns of the root for the roots of {@code tree} that these partitions concern, by the
     * tables to which they were attached. An empty Optional if no condition is certain to find them at less than the
     * price of reading all roots; nothing if it is not known now.
     */
    default Mono<Optional<String>> rootsWithRowsOf(DocumentTree tree, Map<String, List<AttachedPartition>> partitions) {
        return Mono.just(Optional.empty());
    }

    /** A text that changes when a partition comes to a table of the trees, or leaves it. Costs little. */
    default Mono<String> partitions(Collection<DocumentTree> trees) {
        return Mono.just("");
    }

    /** The definitions of each tree, by index; without trees for which they are unknown now. */
    default Mono<Map<String, Definitions>> definitions(Collection<DocumentTree> trees) {
        return Mono.just(Map.of());
    }
}
