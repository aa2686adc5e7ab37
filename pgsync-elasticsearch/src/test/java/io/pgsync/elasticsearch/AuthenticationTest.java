package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.scheduler.Schedulers;

/** What arrives at a server; against a stub, because the embedded engine has no API keys and no tokens. */
class AuthenticationTest {
    static Stream<Arguments> logins() {
        return Stream.of(
                Arguments.of(new Authentication.Basic("me", "pass:word"), "Basic bWU6cGFzczp3b3Jk"),
                Arguments.of(new Authentication.ApiKey("aWQ6a2V5"), "ApiKey aWQ6a2V5"),
                Arguments.of(Authentication.ApiKey.of("id", "key"), "ApiKey aWQ6a2V5"),
                Arguments.of(new Authentication.Bearer("token"), "Bearer token"),
                Arguments.of(new Authentication.None(), "null"));
    }

    @ParameterizedTest
    @MethodSource("logins")
    void everyRequestCarriesIt(Authentication login, String header) {
        var scheduler = Schedulers.newSingle("answers");
        try (var stub = new StubEngine();
                var connection = ElasticsearchConnection.open(
                        ElasticsearchSettings.of(stub.url()).withAuthentication(login), scheduler)) {
            connection.send(new Request("GET", "/_cluster/health")).block(Duration.ofSeconds(20));
            connection.send(new Request("POST", "/_bulk")).block(Duration.ofSeconds(20));

            assertThat(stub.headers("Authorization")).hasSize(3).containsOnly(header);
            assertThat(login.toString()).doesNotContain("pass:word", "aWQ6a2V5", "token");
        }
        scheduler.dispose();
    }
}
