package io.pgsync.core.sink;

import io.pgsync.core.tree.DocumentTree;
import java.util.Map;
import reactor.core.publisher.Mono;

/** Port: makes one process the only writer of an index. */
public interface IndexOwnership {
    /** The engine's identifier of the index; empty if there is no such index. */
    Mono<String> indexUuid(String index);

    /**
     * The history of each shard's data, by the shard's number, as far as its primary is available. It stays the same
     * through restarts, moves and promotions of replicas. A shard with another history was allocated empty, from a
     * stale copy, or from a snapshot.
     */
    default Mono<Map<String, String>> histories(String index) {
        return Mono.just(Map.of());
    }

    /**
     * Takes the index over for a generation. When it completes, requests of older writers can no longer take effect,
     * and those that were under way are applied or refused. The sink writes as this generation until a newer one takes
     * over.
     */
    Mono<DocumentSink> takeOver(DocumentTree tree, long generation);

    /** Prepares the index for a load from nothing: work that only slows a load down may be postponed. Idempotent. */
    default Mono<Void> beginLoad(String index) {
        return Mono.empty();
    }

    /** Restores the owner's settings after a load. Idempotent. */
    default Mono<Void> endLoad(String index) {
        return Mono.empty();
    }
}
