package io.pgsync.elasticsearch.examination;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/** Changes indexes as they are, where the engine has said that it takes the change. */
public final class Alterations {
    private static final Logger log = LoggerFactory.getLogger(Alterations.class);

    private final ElasticsearchConnection connection;

    public Alterations(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** May be repeated. */
    public Mono<Void> make(String index, Alteration alteration) {
        var request = new Request("PUT", Paths.index(index) + "/" + alteration.api());
        request.setJsonEntity(alteration.body().toString());
        return connection
                .repeatable("change index \"" + index + "\"", request)
                .doOnNext(done -> log.info("Index {}: {} {}", index, alteration.api(), alteration.body()))
                .then();
    }
}
