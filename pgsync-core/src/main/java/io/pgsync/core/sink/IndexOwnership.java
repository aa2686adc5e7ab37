package io.pgsync.core.sink;

import io.pgsync.core.tree.DocumentTree;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Port: makes one process the only writer of an index. */
public interface IndexOwnership {
    /** The engine's identifier of the index; empty when there is no such index. */
    Mono<String> indexUuid(String index);

    /**
     * What the data of each shard descend from, by the shard's number, as far as its primary is there. It stays for good: through restarts, moves
     * and promotions of replicas. A shard that has another one was allocated empty, from a stale copy or from a snapshot.
     */
    default Mono<Map<String, String>> histories(String index) {
        return Mono.just(Map.of());
    }

    /**
     * Takes the index over for a generation. When it completes, no older writer's request can land any more, and what was under way has
     * been applied or refused. The sink writes as this generation until a newer one takes over.
     */
    Mono<DocumentSink> takeOver(DocumentTree tree, long generation);

    /** The index is about to be filled from nothing: what only costs a load may be put off. May be repeated. */
    default Mono<Void> beginLoad(String index) {
        return Mono.empty();
    }

    /** No load is going on, or none any more: the index is as its owner wants it. Does nothing when it is already. */
    default Mono<Void> endLoad(String index) {
        return Mono.empty();
    }
}
