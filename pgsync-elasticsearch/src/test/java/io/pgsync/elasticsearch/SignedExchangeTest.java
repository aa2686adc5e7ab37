package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.signing.RequestSigner;
import io.pgsync.elasticsearch.signing.ServiceRefusal;
import io.pgsync.elasticsearch.signing.ServiceRefusal.Subject;
import io.pgsync.elasticsearch.signing.SignableRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** With any signer; pgsync-aws has the tests with that of Amazon. */
class SignedExchangeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final StubEngine engine = new StubEngine();
    private final Scheduler scheduler = Schedulers.newParallel("engine", 1);
    private final List<SignableRequest> signed = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        engine.close();
        scheduler.dispose();
    }

    @Test
    void theSignerSeesWhatIsSent() {
        var request = new Request("POST", "/books/_search");
        request.addParameter("routing", "a b");
        request.setJsonEntity("{\"size\":1}");
        try (var connection = connection(signing("signature"))) {
            connection.send(request).block(PATIENCE);
        }

        SignableRequest last = signed.get(signed.size() - 1);
        assertThat(last.method()).isEqualTo("POST");
        assertThat(last.uri()).hasToString(engine.url() + "/books/_search?routing=a%20b");
        assertThat(last.contentType().orElseThrow()).startsWith("application/json");
        assertThat(new String(last.body(), StandardCharsets.UTF_8)).isEqualTo("{\"size\":1}");
        assertThat(engine.headers("Authorization")).containsOnly("signature");
    }

    @Test
    void eachTryIsSignedAnew() {
        engine.then(503, "{}").then(503, "{}").then(200, "{}");
        try (var connection = connection(signing("signature"))) {
            connection.repeatable("refresh", new Request("POST", "/_refresh")).block(PATIENCE);
        }

        assertThat(signed.stream().filter(request -> request.uri().getPath().equals("/_refresh")))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({"true, RETRY", "false, STOP"})
    void whatTheServiceRefusesIsAFailureOfItsOwn(boolean acceptedBefore, Remedy remedy) {
        Reply refusal = Reply.foreign(403, "application/json", "{\"message\":\"no\"}");
        if (!acceptedBefore) {
            engine.scriptIdentity();
        }
        engine.then(request -> refusal);
        try (var connection = connection(signing("signature"))) {
            assertThatThrownBy(() -> connection.check().block(PATIENCE))
                    .isInstanceOfSatisfying(
                            SyncException.class, e -> assertThat(e.remedy()).isEqualTo(remedy))
                    .hasMessageContaining("refuses GET")
                    .hasMessageContaining("\"no\". Do this.");
        }
    }

    @Test
    void aFailureToSignIsTheFailureOfTheRequest() {
        assertFailure(new SyncException(Remedy.STOP, "no credentials"), Remedy.STOP, "no credentials");
    }

    @Test
    void anIncompleteSignerHangsNothing() {
        assertFailure(new NoClassDefFoundError("x/Signer"), Remedy.RETRY, "java.lang.NoClassDefFoundError: x/Signer");
    }

    private void assertFailure(Throwable thrown, Remedy remedy, String message) {
        RequestSigner failing = new Signer("x") {
            @Override
            public Map<String, String> sign(SignableRequest request) {
                if (thrown instanceof Error error) {
                    throw error;
                }
                throw (RuntimeException) thrown;
            }
        };
        try (var connection = connection(failing)) {
            assertThatThrownBy(() -> connection.check().block(PATIENCE))
                    .isInstanceOfSatisfying(
                            SyncException.class, e -> assertThat(e.remedy()).isEqualTo(remedy))
                    .hasMessageContaining(message);
        }
    }

    private RequestSigner signing(String value) {
        return new Signer(value);
    }

    private ElasticsearchConnection connection(RequestSigner signer) {
        return ElasticsearchConnection.open(
                ElasticsearchSettings.of(engine.url()).withAuthentication(new Authentication.Signed(signer)),
                scheduler);
    }

    private class Signer implements RequestSigner {
        private final String value;

        Signer(String value) {
            this.value = value;
        }

        @Override
        public Map<String, String> sign(SignableRequest request) {
            signed.add(request);
            return Map.of("Authorization", value);
        }

        @Override
        public Optional<ServiceRefusal> refusal(int status, String body) {
            return body.contains("\"no\"")
                    ? Optional.of(new ServiceRefusal(Subject.SIGNATURE, "no", "Do this."))
                    : Optional.empty();
        }
    }
}
