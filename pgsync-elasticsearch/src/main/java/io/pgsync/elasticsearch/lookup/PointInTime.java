package io.pgsync.elasticsearch.lookup;

import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import reactor.core.publisher.Mono;

/** The documents of an index as they were at one moment; the engine keeps them for some time after each use. */
record PointInTime(String id) {
    static final String KEEP_ALIVE = "10m";

    static Mono<PointInTime> open(ElasticsearchConnection connection, String index) {
        return connection
                .kind()
                .flatMap(kind -> connection
                        .json(
                                "open a point in time of index \"" + index + "\"",
                                kind.openPointInTime(index, KEEP_ALIVE))
                        .map(answer -> answer.path(kind.pointInTimeField()).asText()))
                .filter(id -> !id.isEmpty())
                .switchIfEmpty(Mono.error(() -> new SyncException(
                        Remedy.RETRY, "The engine did not open a point in time of index \"" + index + "\".")))
                .map(PointInTime::new);
    }

    Mono<Void> close(ElasticsearchConnection connection) {
        return connection
                .kind()
                .flatMap(kind -> connection.json("close a point in time", kind.closePointInTime(id)))
                .then();
    }
}
