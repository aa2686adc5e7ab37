package io.pgsync.aws;

import static io.pgsync.aws.ManagedDomain.LASTING;
import static io.pgsync.aws.ManagedDomain.PATIENCE;
import static io.pgsync.aws.ManagedDomain.SECRET;
import static io.pgsync.aws.ManagedDomain.TEMPORARY;
import static io.pgsync.aws.ManagedDomain.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.aws.AmazonStub.Reply;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.signing.RequestSigners;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** Requests of a connection, at a gateway that finds out by itself how they must be signed. */
class AwsSignersTest {
    @AutoClose
    private final ManagedDomain domain = new ManagedDomain();

    @Test
    void theServiceLoaderFindsThem() {
        assertThat(ServiceLoader.load(RequestSigners.class)).singleElement().isInstanceOf(AwsSigners.class);
    }

    @Test
    void requestsWithAndWithoutBodyPass() {
        var connection = domain.connect();
        assertPasses(connection, new Request("GET", "/_cluster/health"));
        assertPasses(connection, new Request("POST", "/books/_refresh"));
        assertPasses(connection, json("POST", "/books/_search", "{\"size\":1}"));
        assertPasses(connection, json("DELETE", "/_search/point_in_time", "{\"pit_id\":[\"x\"]}"));
        assertPasses(connection, new Request("HEAD", "/books"));
    }

    @Test
    void theHostIsSignedAsItIsSent() {
        var connection = domain.connect();
        assertPasses(connection, new Request("GET", "/_cluster/health"));

        assertThat(domain.amazon().passed())
                .allSatisfy(request -> assertThat(domain.amazon().url()).endsWith("//" + request.header("host")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "ü", "a+b", "a:b", "a,b", "*", "%", "%2F", "a=b&c", "~", "'"})
    void documentsWithOddIdsPass(String id) {
        var connection = domain.connect();
        assertPasses(connection, new Request("GET", Paths.document("books", id)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a+b", "a/b", "*", "a,b", "ü", "", "a=b", "a&b", "%20", "~"})
    void requestsWithOddParametersPass(String value) {
        var request = new Request("POST", "/books/_search_shards");
        request.addParameter("routing", value);
        request.addParameter("a", value);
        request.addParameter("Z", value);
        var connection = domain.connect();
        assertPasses(connection, request);
    }

    @Test
    void aLargeBodyIsCompressedBeforeItIsHashed() {
        String body = "{\"text\":\"" + "darkness ".repeat(10_000) + "\"}";
        var connection = domain.connect();
        assertPasses(connection, json("POST", "/books/_search", body));

        ReceivedRequest last =
                domain.amazon().passed().get(domain.amazon().passed().size() - 1);
        assertThat(last.header("content-encoding")).isEqualTo("gzip");
        assertThat(last.body().length).isLessThan(body.length() / 10);
        assertThat(AmazonStub.text(last)).isEqualTo(body);
    }

    @Test
    void temporaryCredentialsBringTheirToken() {
        var connection = domain.connect(TEMPORARY);
        assertPasses(connection, new Request("GET", "/_cluster/health"));

        assertThat(domain.amazon().passed())
                .allSatisfy(request ->
                        assertThat(request.header("x-amz-security-token")).isEqualTo(TOKEN));
    }

    @Test
    void eachTryHasTheCredentialsOfItsMoment() {
        var asked = new AtomicInteger();
        var later = AwsSessionCredentials.create("ASIALATER", SECRET, "another token");
        domain.amazon().know(TEMPORARY, later);
        var connection = domain.connect(() -> asked.getAndIncrement() < 3 ? TEMPORARY : later);
        connection.kind().block(PATIENCE);
        domain.amazon().then(new Reply(503, "{}"));
        connection.repeatable("refresh", new Request("POST", "/_refresh")).block(PATIENCE);

        assertThat(domain.amazon().passed().stream()
                        .filter(request -> request.target().equals("/_refresh"))
                        .map(request -> request.authorization().orElseThrow().accessKey()))
                .containsExactly("ASIAEXAMPLE", "ASIALATER");
    }

    @Test
    void aSlowSourceOfCredentialsHoldsUpNobodyElse() {
        // More than there are threads for connections, if one were blocked.
        int slow = Runtime.getRuntime().availableProcessors() + 1;
        var asked = new AtomicInteger();
        var arrived = new CountDownLatch(slow);
        var released = new CountDownLatch(1);
        AwsCredentialsProvider source = () -> {
            int number = asked.incrementAndGet();
            if (number > 2 && number <= 2 + slow) {
                arrived.countDown();
                awaitPatiently(released);
            }
            return LASTING;
        };
        var connection = domain.connect(source);
        connection.kind().block(PATIENCE);
        var waiting = Flux.range(0, slow)
                .flatMap(each -> connection.send(new Request("GET", "/_cluster/health")), slow)
                .count()
                .toFuture();
        awaitPatiently(arrived);

        assertPasses(connection, new Request("GET", "/_cluster/health"));

        assertThat(waiting).isNotDone();
        released.countDown();
        assertThat(waiting).succeedsWithin(PATIENCE).isEqualTo((long) slow);
    }

    private static void awaitPatiently(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertPasses(ElasticsearchConnection connection, Request request) {
        assertThat(connection.send(request).map(Answer::status).block(PATIENCE)).isEqualTo(200);
    }

    private static Request json(String method, String path, String body) {
        var request = new Request(method, path);
        request.setJsonEntity(body);
        return request;
    }
}
