package io.pgsync.elasticsearch.state;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.refusal.Refusal;
import io.pgsync.core.refusal.RefusalStore;
import io.pgsync.core.refusal.RetryOrder;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.RefusedRequestException;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Keeps the records of an index and the order to try again in two documents of their own beside its state, which are
 * changed by compare-and-set. An index name has no slash, so no state has their ids.
 */
public final class ElasticsearchRefusalStore implements RefusalStore {
    /** The revision of a document that does not exist. */
    private static final String NONE_YET = "";

    private final ElasticsearchConnection connection;

    public ElasticsearchRefusalStore(ElasticsearchConnection connection) {
        this.connection = connection;
    }

    /** The ids of both documents. */
    static List<String> documentsOf(String index) {
        return List.of(refusalsOf(index), orderOf(index));
    }

    private static String refusalsOf(String index) {
        return index + "/refusals";
    }

    private static String orderOf(String index) {
        return index + "/retry";
    }

    @Override
    public Mono<Revised<List<Refusal>>> refusals(String index) {
        return read(index, refusalsOf(index), RefusalJson::readRefusals, List.of());
    }

    @Override
    public Mono<Revised<List<Refusal>>> replaceRefusals(
            String index, Revised<List<Refusal>> expected, List<Refusal> next) {
        return replace(index, refusalsOf(index), expected, RefusalJson.write(next), next);
    }

    @Override
    public Mono<Revised<RetryOrder>> order(String index) {
        return read(index, orderOf(index), RefusalJson::readOrder, RetryOrder.NONE);
    }

    @Override
    public Mono<Revised<RetryOrder>> replaceOrder(String index, Revised<RetryOrder> expected, RetryOrder next) {
        return replace(index, orderOf(index), expected, RefusalJson.write(next), next);
    }

    private <T> Mono<Revised<T>> read(String index, String id, Function<JsonNode, T> form, T none) {
        return connection
                .repeatable(
                        "read the refused documents of index \"" + index + "\"",
                        new Request("GET", Paths.document(ElasticsearchStateStore.INDEX, id)))
                .map(answer -> new Revised<>(
                        form.apply(ElasticsearchStateStore.field(answer, "_source")),
                        ElasticsearchStateStore.revision(answer)))
                .onErrorResume(
                        RefusedRequestException.withStatus(404), missing -> Mono.just(new Revised<>(none, NONE_YET)));
    }

    private <T> Mono<Revised<T>> replace(String index, String id, Revised<T> expected, ObjectNode json, T next) {
        var request =
                new Request("PUT", Paths.document(ElasticsearchStateStore.INDEX, id) + condition(expected.revision()));
        request.setJsonEntity(json.toString());
        return connection
                .repeatable("write the refused documents of index \"" + index + "\"", request)
                .map(answer -> new Revised<>(next, ElasticsearchStateStore.revision(answer)))
                .onErrorMap(RefusedRequestException.withStatus(409), conflict -> new StateConflictException(index));
    }

    /** So that a write that is out of date is a conflict. */
    static String condition(String revision) {
        return revision.equals(NONE_YET) ? "?op_type=create" : ElasticsearchStateStore.onlyIf(revision);
    }
}
