package io.pgsync.elasticsearch.bulk;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.reactor.circuitbreaker.operator.CircuitBreakerOperator;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import java.time.Duration;
import java.util.List;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import reactor.core.publisher.Mono;

/** Sends bulk bodies; while the engine fails, the circuit breaker prevents most requests from being sent. */
final class BulkEndpoint {
    private static final ContentType NDJSON = ContentType.create("application/x-ndjson");

    private final ElasticsearchConnection connection;
    private final CircuitBreaker breaker;

    BulkEndpoint(ElasticsearchConnection connection) {
        this.connection = connection;
        this.breaker = CircuitBreaker.of("bulk", breakerConfig());
    }

    /** Opens on missing answers and on answers from 500 up; the short wait limits how late a recovery is noticed. */
    private static CircuitBreakerConfig breakerConfig() {
        return CircuitBreakerConfig.custom()
                .slidingWindowSize(10)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(60)
                .waitDurationInOpenState(Duration.ofSeconds(1))
                .permittedNumberOfCallsInHalfOpenState(2)
                .recordResult(result -> result instanceof Answer answer && answer.status() >= 500)
                .build();
    }

    /** Every answer is a value; without one, or while the breaker is open, the Mono fails. */
    Mono<Answer> send(String alias, List<BulkItem> items) {
        return Mono.defer(() -> connection.send(request(alias, items)))
                .transformDeferred(CircuitBreakerOperator.of(breaker));
    }

    private static Request request(String alias, List<BulkItem> items) {
        var request = new Request("POST", Paths.index(alias) + "/_bulk");
        request.addParameter("filter_path", "errors,items.*.status,items.*.error");
        request.setEntity(new ByteArrayEntity(BulkEncoder.body(items), NDJSON));
        return request;
    }
}
