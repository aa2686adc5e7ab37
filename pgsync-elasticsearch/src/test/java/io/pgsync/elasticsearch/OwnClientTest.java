package io.pgsync.elasticsearch;

import static io.pgsync.elasticsearch.Changes.delete;
import static io.pgsync.elasticsearch.Changes.upsert;
import static io.pgsync.elasticsearch.StubbedConnection.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import co.elastic.clients.transport.rest5_client.low_level.Rest5Client;
import co.elastic.clients.transport.rest5_client.low_level.Rest5ClientBuilder;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.bulk.StubbedSink;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.junit.jupiter.api.Test;

/** A connection over a client that belongs to the application. */
class OwnClientTest {
    @Test
    void itsLoginIsUsedAndEveryEngineTakesTheRequests() throws IOException {
        Header[] ofApplication = {
            new BasicHeader("Authorization", "Bearer of the application"),
            new BasicHeader("Accept", "application/vnd.elasticsearch+json; compatible-with=9"),
            new BasicHeader("Content-Type", "application/vnd.elasticsearch+json; compatible-with=9")
        };
        try (var stubbed = StubbedConnection.over(
                url -> client(url).setDefaultHeaders(ofApplication).build())) {
            StubbedSink.of(stubbed.connection()).write(upsert("1", "{}"));

            StubEngine engine = stubbed.engine();
            assertThat(engine.headers("Authorization")).containsOnly("Bearer of the application");
            assertThat(engine.headers("Accept")).containsOnly("application/json");
            assertThat(engine.headers("Content-Type")).last().isEqualTo("application/x-ndjson");
        }
    }

    @Test
    void theApplicationClosesIt() throws IOException {
        try (var engine = new StubEngine();
                Rest5Client client = client(URI.create(engine.url())).build();
                var stubbed = StubbedConnection.over(url -> client)) {
            stubbed.connection().close();

            assertThat(client.performRequest(new Request("GET", "/books")).getStatusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void anEngineThatWarnsIsNoFailureHoweverStrictTheClient() {
        try (var stubbed = StubbedConnection.over(
                url -> client(url).setStrictDeprecationMode(true).build())) {
            stubbed.engine().then(request -> new Reply(200, "{}", warning()));

            stubbed.connection().check().block(PATIENCE);
        }
    }

    private static Map<String, String> warning() {
        return Map.of(
                "X-Elastic-Product", "Elasticsearch",
                "Content-Type", "application/json",
                "Warning", "299 Elasticsearch-9.5.3-0 \"use something else\"");
    }

    /** What the first node got may still be under way, although the second one answered. */
    @Test
    void aWriteThatTheClientGaveToTwoNodesIsFencedOff() {
        try (var stubbed = StubbedConnection.over(url -> client(
                        url, URI.create(url.toString().replace("127.0.0.1", "localhost")))
                .build())) {
            StubEngine engine = stubbed.engine();
            var sink = StubbedSink.of(stubbed.connection());
            sink.write(upsert("1", "{}"));
            engine.thenCut();
            sink.write(upsert("1", "{}"));
            sink.write(delete("1"));

            assertThat(engine.paths())
                    .containsExactly(
                            "/books_pgsync_g1/_bulk",
                            "/books_pgsync_g1/_bulk",
                            "/books_pgsync_g1/_bulk",
                            "/books_pgsync_g1_1/_bulk");
        }
    }

    private static Rest5ClientBuilder client(URI... nodes) {
        return Rest5Client.builder(List.of(nodes))
                .setHttpClientConfigCallback(HttpAsyncClientBuilder::disableAutomaticRetries);
    }
}
