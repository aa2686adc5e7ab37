package io.pgsync.runtime.plan;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.examination.Alteration;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sends to the engine what it said that it takes on an index as it is. */
record PlannedAlterations(ElasticsearchConnection connection) {
    private static final Logger log = LoggerFactory.getLogger(PlannedAlterations.class);

    Mono<Void> make(Draft draft) {
        return Mono.justOrEmpty(draft.index())
                .flatMapMany(index -> Flux.fromIterable(new TreeMap<>(draft.alterations()).values())
                        .concatMap(alteration -> make(index, alteration)))
                .then();
    }

    private Mono<Void> make(String index, Alteration alteration) {
        var request = new Request("PUT", Paths.index(index) + "/" + alteration.api());
        request.setJsonEntity(alteration.body().toString());
        return connection
                .repeatable("change index \"" + index + "\"", request)
                .doOnNext(done -> log.info("Index {}: {} {}", index, alteration.api(), alteration.body()))
                .then();
    }
}
