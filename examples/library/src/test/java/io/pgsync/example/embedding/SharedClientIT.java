package io.pgsync.example.embedding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.json.jackson.JacksonJsonpMapper;
import co.elastic.clients.transport.rest5_client.Rest5ClientOptions;
import co.elastic.clients.transport.rest5_client.Rest5ClientTransport;
import co.elastic.clients.transport.rest5_client.low_level.RequestOptions;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.sink.WriteOutcome;
import io.pgsync.embedded.elasticsearch.ElasticsearchServer;
import io.pgsync.embedded.elasticsearch.ElasticsearchServers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

class SharedClientIT {
    private static final ElasticsearchServer ELASTICSEARCH = ElasticsearchServers.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** So that the typed client speaks to Elasticsearch 8 too; the sink speaks to every engine. */
    private static final String MEDIA_TYPE = "application/vnd.elasticsearch+json; compatible-with=8";

    private final String index = ELASTICSEARCH.freshIndexName("shared");
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AutoClose
    private final ElasticsearchClient client = new ElasticsearchClient(new Rest5ClientTransport(
            Rest5Client.builder(ELASTICSEARCH.url())
                    .setHttpClientConfigCallback(HttpAsyncClientBuilder::disableAutomaticRetries)
                    .build(),
            new JacksonJsonpMapper(),
            new Rest5ClientOptions(
                    RequestOptions.DEFAULT.toBuilder()
                            .addHeader("Accept", MEDIA_TYPE)
                            .addHeader("Content-Type", MEDIA_TYPE)
                            .build(),
                    false)));

    @BeforeEach
    void createTheIndex() throws IOException {
        client.indices()
                .create(create -> create.index(index)
                        .mappings(mappings -> mappings.properties("pages", pages -> pages.integer(number -> number))));
    }

    @Test
    void documentsGoOverTheClientThatReadsThem() throws IOException {
        try (var shared = new SharedClient(client, meters)) {
            assertThat(store(
                            shared,
                            1,
                            document("7", "{\"title\": \"early\"}"),
                            document("8", "{\"pages\": \"many\"}"),
                            document("7", "{\"title\": \"late\"}")))
                    .extracting(WriteOutcome::stored)
                    .containsExactly(1);
            store(shared, 1, new DocumentChange.Delete(key("9"), "9"));
        }

        assertThat(client.get(get -> get.index(index).id("7"), JsonNode.class)
                        .source()
                        .path("title")
                        .asText())
                .isEqualTo("late");
        assertThat(meters.counter("documents", "outcome", "stored").count()).isEqualTo(2);
        assertThat(meters.counter("documents", "outcome", "refused").count()).isEqualTo(1);
    }

    @Test
    void whoComesLaterShutsTheFirstOneOut() {
        try (var first = new SharedClient(client, meters);
                var second = new SharedClient(client, meters)) {
            Flux<DocumentChange> further = Flux.just(document("1", "{}")).concatWith(Flux.defer(() -> {
                store(second, 2, document("1", "{}"));
                return Flux.range(0, 100).map(id -> document(Integer.toString(id), "{}"));
            }));

            assertThatThrownBy(() -> first.store(index, 1, further).blockLast(PATIENCE))
                    .isInstanceOf(StateConflictException.class);
        }
    }

    private List<WriteOutcome> store(SharedClient shared, long generation, DocumentChange... changes) {
        return shared.store(index, generation, Flux.just(changes)).collectList().block(PATIENCE);
    }

    private DocumentChange document(String id, String json) {
        return new DocumentChange.Upsert(key(id), id, Optional.empty(), json.getBytes(UTF_8));
    }

    private RootKey key(String id) {
        return new RootKey(index, List.of(id));
    }
}
