package io.pgsync.elasticsearch.state;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.audit.AuditStore;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import java.util.Optional;
import reactor.core.publisher.Mono;

/**
 * Keeps the progress of the audit of an index in a document of its own beside its state: the state is what a run stands
 * on, and is written by compare-and-set.
 */
public final class ElasticsearchAuditStore implements AuditStore {
    private final ElasticsearchConnection connection;

    public ElasticsearchAuditStore(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    static String documentOf(String index) {
        return index + "/audit";
    }

    @Override
    public Mono<Optional<AuditProgress>> load(String index) {
        return connection
                .repeatable(
                        "read how far the audit of index \"" + index + "\" is",
                        new Request("GET", Paths.document(ElasticsearchStateStore.INDEX, documentOf(index))))
                .map(answer -> Optional.of(AuditJson.read(ElasticsearchStateStore.field(answer, "_source"))))
                .onErrorResume(RefusedRequestException.withStatus(404), missing -> Mono.just(Optional.empty()));
    }

    @Override
    public Mono<Void> store(String index, AuditProgress progress) {
        var request = new Request("PUT", Paths.document(ElasticsearchStateStore.INDEX, documentOf(index)));
        request.setJsonEntity(AuditJson.write(progress).toString());
        return connection
                .repeatable("write how far the audit of index \"" + index + "\" is", request)
                .then();
    }
}
