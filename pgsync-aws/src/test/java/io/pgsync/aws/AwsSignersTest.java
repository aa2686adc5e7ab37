package io.pgsync.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.aws.AmazonStub.Reply;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.Answer;
import io.pgsync.elasticsearch.Authentication;
import io.pgsync.elasticsearch.ConnectionSettings;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.elasticsearch.Paths;
import io.pgsync.elasticsearch.signing.RequestSigners;
import java.time.Clock;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Requests of a connection, at a gateway that finds out by itself how they must be signed. */
class AwsSignersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static final String TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE==";
    private static final AwsCredentials LASTING = AwsBasicCredentials.create("AKIDEXAMPLE", SECRET);
    private static final AwsCredentials TEMPORARY = AwsSessionCredentials.create("ASIAEXAMPLE", SECRET, TOKEN);

    private final AmazonStub amazon = new AmazonStub(LASTING, TEMPORARY);
    private final Scheduler scheduler = Schedulers.newParallel("engine", 2);

    @AfterEach
    void close() {
        amazon.close();
        scheduler.dispose();
    }

    @Test
    void theServiceLoaderFindsThem() {
        assertThat(ServiceLoader.load(RequestSigners.class)).singleElement().isInstanceOf(AwsSigners.class);
    }

    @Test
    void requestsWithAndWithoutBodyPass() {
        try (var connection = connection(LASTING)) {
            assertPasses(connection, new Request("GET", "/_cluster/health"));
            assertPasses(connection, new Request("POST", "/books/_refresh"));
            assertPasses(connection, json("POST", "/books/_search", "{\"size\":1}"));
            assertPasses(connection, json("DELETE", "/_search/point_in_time", "{\"pit_id\":[\"x\"]}"));
            assertPasses(connection, new Request("HEAD", "/books"));
        }
    }

    @Test
    void theHostIsSignedAsItIsSent() {
        try (var connection = connection(LASTING)) {
            assertPasses(connection, new Request("GET", "/_cluster/health"));
        }

        assertThat(amazon.passed())
                .allSatisfy(request -> assertThat(amazon.url()).endsWith("//" + request.header("host")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "ü", "a+b", "a:b", "a,b", "*", "%", "%2F", "a=b&c", "~", "'"})
    void documentsWithOddIdsPass(String id) {
        try (var connection = connection(LASTING)) {
            assertPasses(connection, new Request("GET", Paths.document("books", id)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a+b", "a/b", "*", "a,b", "ü", "", "a=b", "a&b", "%20", "~"})
    void requestsWithOddParametersPass(String value) {
        var request = new Request("POST", "/books/_search_shards");
        request.addParameter("routing", value);
        request.addParameter("a", value);
        request.addParameter("Z", value);
        try (var connection = connection(LASTING)) {
            assertPasses(connection, request);
        }
    }

    @Test
    void aLargeBodyIsCompressedBeforeItIsHashed() {
        String body = "{\"text\":\"" + "darkness ".repeat(10_000) + "\"}";
        try (var connection = connection(LASTING)) {
            assertPasses(connection, json("POST", "/books/_search", body));
        }

        ReceivedRequest last = amazon.passed().get(amazon.passed().size() - 1);
        assertThat(last.header("content-encoding")).isEqualTo("gzip");
        assertThat(last.body().length).isLessThan(body.length() / 10);
        assertThat(AmazonStub.text(last)).isEqualTo(body);
    }

    @Test
    void temporaryCredentialsBringTheirToken() {
        try (var connection = connection(TEMPORARY)) {
            assertPasses(connection, new Request("GET", "/_cluster/health"));
        }

        assertThat(amazon.passed())
                .allSatisfy(request ->
                        assertThat(request.header("x-amz-security-token")).isEqualTo(TOKEN));
    }

    @Test
    void eachTryHasTheCredentialsOfItsMoment() {
        var asked = new AtomicInteger();
        var later = AwsSessionCredentials.create("ASIALATER", SECRET, "another token");
        amazon.know(TEMPORARY, later);
        try (var connection = open(() -> asked.getAndIncrement() < 3 ? TEMPORARY : later)) {
            connection.kind().block(PATIENCE);
            amazon.then(new Reply(503, "{}"));
            connection.repeatable("refresh", new Request("POST", "/_refresh")).block(PATIENCE);
        }

        assertThat(amazon.passed().stream()
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
        try (var connection = open(source)) {
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
    }

    private static void awaitPatiently(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWrongClockIsNamed() {
        for (int minutes : new int[] {6, -6}) {
            amazon.setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes)));
            assertStops(LASTING, "Set the clock of this machine: a signature is valid for five minutes.");
        }
        for (int minutes : new int[] {4, -4}) {
            amazon.setClock(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes)));
            try (var connection = connection(LASTING)) {
                assertPasses(connection, new Request("GET", "/_cluster/health"));
            }
        }
    }

    @Test
    void wrongCredentialsAreNamedWithoutTheirSecrets() {
        assertStops(AwsBasicCredentials.create("AKIDEXAMPLE", "no " + SECRET), "Check the secret access key");
        assertStops(AwsSessionCredentials.create("ASIAEXAMPLE", "no " + SECRET, TOKEN), "Check the secret access key");
        assertStops(AwsBasicCredentials.create("ASIAEXAMPLE", SECRET), "its session token is missing");
        assertStops(AwsBasicCredentials.create("AKIDUNKNOWN", SECRET), "AWS does not know the access key");
    }

    @Test
    void aWrongRegionIsNamed() {
        var elsewhere = new Authentication.Signed(new AwsSigners(() -> LASTING).forRegion("us-east-1"));
        try (var connection = ElasticsearchConnection.open(
                ElasticsearchSettings.of(amazon.url()).withAuthentication(elsewhere), scheduler)) {
            assertThatThrownBy(() -> connection.check().block(PATIENCE))
                    .hasMessageContaining("Correct the region of signatures.");
        }
    }

    @Test
    void credentialsThatWereAcceptedMayBeAboutToBeRenewed() {
        try (var connection = connection(TEMPORARY)) {
            assertPasses(connection, new Request("GET", "/_cluster/health"));
            amazon.know(LASTING);

            assertThatThrownBy(() -> connection.check().block(PATIENCE))
                    .isInstanceOfSatisfying(
                            SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY));
        }
    }

    @Test
    void withoutCredentialsItStopsUnlessThereWereSome() {
        var there = new AtomicInteger();
        AwsCredentialsProvider source = () -> {
            if (there.get() == 0) {
                throw SdkClientException.create("the instance has no role");
            }
            return LASTING;
        };
        try (var connection = open(source)) {
            assertRemedy(connection, Remedy.STOP);
            there.set(1);
            assertPasses(connection, new Request("GET", "/_cluster/health"));
            there.set(0);
            assertRemedy(connection, Remedy.RETRY);
        }
    }

    private static void assertRemedy(ElasticsearchConnection connection, Remedy remedy) {
        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .hasMessageContaining("AWS's default chain finds no credentials: the instance has no role")
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(remedy));
    }

    @Test
    void aRequestWithoutASignatureIsRefused() {
        try (var connection = ElasticsearchConnection.open(ElasticsearchSettings.of(amazon.url()), scheduler)) {
            assertThatThrownBy(() -> connection.check().block(PATIENCE)).hasMessageContaining("User: anonymous");
        }
        assertThat(amazon.passed()).isEmpty();
    }

    private void assertStops(AwsCredentials credentials, String advice) {
        try (var connection = connection(credentials)) {
            Throwable failure = catchThrowable(() -> connection.check().block(PATIENCE));

            assertThat(failure).hasMessageContaining(advice).hasMessageContaining(amazon.url());
            assertThat(failure)
                    .isInstanceOfSatisfying(
                            SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP));
            Stream<String> shown = Stream.concat(
                    Stream.iterate(failure, each -> each != null, Throwable::getCause)
                            .flatMap(each -> Stream.concat(Stream.of(each), Stream.of(each.getSuppressed())))
                            .map(Throwable::toString),
                    Stream.of(login(() -> credentials).toString()));
            assertThat(shown).noneMatch(text -> text.contains(SECRET) || text.contains(TOKEN));
        }
    }

    private static void assertPasses(ElasticsearchConnection connection, Request request) {
        assertThat(connection.send(request).map(Answer::status).block(PATIENCE)).isEqualTo(200);
    }

    private ElasticsearchConnection connection(AwsCredentials credentials) {
        return open(() -> credentials);
    }

    private ElasticsearchConnection open(AwsCredentialsProvider credentials) {
        int many = Runtime.getRuntime().availableProcessors() + 5;
        return ElasticsearchConnection.open(
                ElasticsearchSettings.of(amazon.url())
                        .withAuthentication(login(credentials))
                        .withConnections(new ConnectionSettings(PATIENCE, PATIENCE, many)),
                scheduler);
    }

    private static Authentication login(AwsCredentialsProvider credentials) {
        return new Authentication.Signed(new AwsSigners(credentials).forRegion(AmazonStub.REGION));
    }

    private static Request json(String method, String path, String body) {
        var request = new Request(method, path);
        request.setJsonEntity(body);
        return request;
    }
}
