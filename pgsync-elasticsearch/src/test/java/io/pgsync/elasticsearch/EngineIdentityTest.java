package io.pgsync.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import co.elastic.clients.transport.rest5_client.low_level.Request;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.StubEngine.Reply;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.scheduler.Schedulers;

class EngineIdentityTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String OPENSEARCH = "{\"version\":{\"distribution\":\"opensearch\",\"number\":\"2.19.3\"}}";
    /** As an OpenSearch that passes itself off as an older Elasticsearch. */
    private static final String COMPATIBLE =
            "{\"version\":{\"number\":\"7.10.2\"},\"tagline\":\"The OpenSearch Project: https://opensearch.org/\"}";

    private static final String ELASTIC = "{\"version\":{\"number\":\"9.5.3\"},\"tagline\":\"You Know, for Search\"}";

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchConnection connection = stubbed.connection();

    EngineIdentityTest() {
        engine.scriptIdentity();
    }

    @Test
    void itsMarkMakesAnElasticsearchAndIsAskedForOnce() {
        engine.then(200, node("9.5.3"));

        assertThat(connection.kind().block(PATIENCE)).isEqualTo(EngineKind.ELASTICSEARCH);
        connection.send(new Request("GET", "/books")).block(PATIENCE);
        connection.send(new Request("GET", "/books")).block(PATIENCE);

        assertThat(engine.paths()).containsExactly("/_nodes/_local", "/books", "/books");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | " + OPENSEARCH,
                "200 | " + COMPATIBLE,
                "403 | {\"error\":{\"root_cause\":[],\"type\":\"security_exception\",\"reason\":\"no\"},\"status\":403}",
                "404 | <html>nothing here</html>"
            })
    void anOpenSearchIsKnownByItsDistributionOrElseByItsVersion(int status, String welcome) {
        engine.then(plain(200, node("2.19.3"))).then(plain(status, welcome));

        assertThat(connection.kind().block(PATIENCE)).isEqualTo(EngineKind.OPENSEARCH);
        assertThat(connection.examineVersion().block(PATIENCE).message()).isEqualTo("OpenSearch 2.19.3");
    }

    /** As services answer that hide their nodes, and as the version after the next one may. */
    @ParameterizedTest
    @CsvSource({"2.19.3, {}", "5.0.0, {}", "5.0.0, '{\"nodes\":{\"a\":{\"version\":\"5.0.0\"}}}'"})
    void whatCallsItselfOpenSearchIsOne(String version, String nodes) {
        engine.then(plain(200, nodes)).then(plain(200, OPENSEARCH.replace("2.19.3", version)));

        assertThat(connection.examineVersion().block(PATIENCE).message()).startsWith("OpenSearch " + version);
    }

    @Test
    void aDistributionThatNobodyKnowsIsRefusedByName() {
        engine.then(plain(200, node("1.12.0")))
                .then(plain(200, "{\"version\":{\"distribution\":\"easysearch\",\"number\":\"1.12.0\"}}"));

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining(
                        "is of the distribution \"easysearch\", version 1.12.0, which pgsync does not know");
    }

    @Test
    void anElasticsearchWhoseMarkIsLostOnTheWayIsRefusedWithWhatToDo() {
        engine.then(plain(200, node("9.5.3"))).then(plain(200, ELASTIC));

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("Have the proxy on the way to it pass that header on");
    }

    @Test
    void anEngineOfTheOtherFamilyThanIsExpectedIsRefused() {
        engine.then(200, node("9.5.3"));
        var settings = ElasticsearchSettings.of(engine.url()).withExpected(EngineKind.OPENSEARCH);
        try (var expecting = ElasticsearchConnection.open(settings, Schedulers.parallel())) {
            assertThatThrownBy(() -> expecting.check().block(PATIENCE))
                    .isInstanceOfSatisfying(
                            SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                    .hasMessageContaining("is Elasticsearch 9.5.3, but the expected search engine is OpenSearch.");
        }
    }

    @Test
    void anOpenSearchIsRefusedWhereElasticsearchIsExpected() {
        engine.then(plain(200, node("2.19.3"))).then(plain(200, OPENSEARCH));
        var settings = ElasticsearchSettings.of(engine.url()).withExpected(EngineKind.ELASTICSEARCH);
        try (var expecting = ElasticsearchConnection.open(settings, Schedulers.parallel())) {
            assertThatThrownBy(() -> expecting.check().block(PATIENCE))
                    .isInstanceOfSatisfying(
                            SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                    .hasMessageContaining("is OpenSearch 2.19.3, but the expected search engine is Elasticsearch."
                            + " Correct the search engine's URL, or expect no certain engine.");
        }
    }

    /** GET / is not allowed there, or the engine does not have it. */
    @Test
    void anElasticsearchWhoseMarkIsLostIsRefusedAlsoWhereItMayNotIntroduceItself() {
        engine.then(plain(200, node("8.19.21"))).then(plain(405, "{\"error\":\"Incorrect HTTP method\"}"));

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .hasMessageContaining("is Elasticsearch 8.19.21, but its answers come without the header");
    }

    @Test
    void theFirstRightThatIsMissingIsAskedForInTheWordsOfTheEngine() {
        String denied =
                "{\"error\":{\"root_cause\":[],\"type\":\"security_exception\",\"reason\":\"no\"},\"status\":403}";
        engine.then(plain(403, denied)).then(403, denied);

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .hasMessageContainingAll("OpenSearch at", "security_exception: no", "cluster_monitor");
        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .hasMessageContainingAll("Elasticsearch at", "security_exception: no", "cluster privilege \"monitor\"");
    }

    @ParameterizedTest
    @CsvSource({"true, STOP", "false, RETRY"})
    void aWrongLoginIsNamedAlsoInPlainText(boolean challenged, Remedy remedy) {
        var challenge = challenged
                ? Map.of("Content-Type", "text/plain", "WWW-Authenticate", "Basic realm=\"OpenSearch Security\"")
                : Map.of("Content-Type", "text/plain");
        engine.then(request -> new Reply(401, "Unauthorized", challenge));

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(remedy))
                .hasMessageContainingAll("401, text/plain", "\"Unauthorized\"", "search engine's user and password");
    }

    @Test
    void aServerlessProjectIsRefusedWithWhatToUse() {
        engine.then(
                410,
                "{\"error\":{\"root_cause\":[],\"type\":\"api_not_available_exception\",\"reason\":\"not here\"},\"status\":410}");

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContainingAll("api_not_available_exception: not here", "use a hosted deployment");
    }

    @Test
    void anElasticsearchFromBeforeTheMarkIsTooOldAndNoOpenSearch() {
        engine.then(plain(200, node("2.4.6"))).then(plain(200, ELASTIC));

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .hasMessageContaining("Elasticsearch 2.4.6 is too old");
    }

    @Test
    void aLoginThatIsWrongFromTheBeginningStops() {
        engine.then(401, "{\"error\":{\"type\":\"security_exception\",\"reason\":\"who are you\"}}");

        assertThatThrownBy(() -> connection.check().block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("Check the search engine's user and password");
    }

    @Test
    void whatAnotherServerSaysMakesNoEngine() {
        engine.then(request -> Reply.foreign(200, "application/json", "{\"message\":\"hello\"}"));

        assertThatThrownBy(() -> connection.kind().block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY))
                .hasMessageContaining("something else answered in its place: status 200");
    }

    /** Its answers bear no mark before version 3. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "200 | application/json | {\"acknowledged\":true} | true",
                "404 | application/json | {\"_index\":\"i\",\"_id\":\"1\",\"found\":false} | true",
                "404 | application/json | {\"error\":{\"root_cause\":[],\"type\":\"t\",\"reason\":\"r\"},\"status\":404} | true",
                "400 | application/json | {\"error\":\"no handler found for uri [/x] and method [GET]\"} | true",
                "404 | application/json | {\"timestamp\":\"2026\",\"path\":\"/x\",\"status\":404,\"error\":\"Not Found\"} | false",
                "404 | application/json | {\"message\":\"no Route matched\"} | false",
                "400 | application/json | {\"error\":\"bad request\"} | false",
                "406 | application/json | {\"error\":\"Content-Type header [text/plain] is not supported\",\"status\":406} | true",
                "406 | application/json | {\"error\":\"not acceptable\"} | false",
                "400 | text/plain | {\"error\":\"no handler found for uri [/x] and method [GET]\"} | false",
                "200 | text/html | <html>welcome</html> | false",
                "200 | text/plain | {\"acknowledged\":true} | false",
                "200 | application/json | \"welcome\" | false",
                "401 | text/plain | Unauthorized | false"
            })
    void anAnswerOfOpenSearchIsKnownByItsForm(int status, String contentType, String body, boolean counts) {
        engine.then(plain(200, node("2.19.3"))).then(plain(200, OPENSEARCH));
        engine.then(request -> Reply.foreign(status, contentType, body));

        var answer = connection.send(new Request("GET", "/x"));

        if (counts) {
            assertThat(answer.block(PATIENCE).status()).isEqualTo(status);
        } else {
            assertThatThrownBy(() -> answer.block(PATIENCE)).hasMessageContaining("something else answered");
        }
    }

    /** Version 3 marks its answers, so that their form does not matter. */
    @ParameterizedTest
    @CsvSource({
        "200, X-OpenSearch-Version, OpenSearch/3.3.0 (opensearch)",
        "401, WWW-Authenticate, Basic realm=\"OpenSearch Security\""
    })
    void anAnswerWithAMarkOfOpenSearchIsItsOwn(int status, String header, String value) {
        engine.then(plain(200, node("2.19.3"))).then(plain(200, OPENSEARCH));
        engine.then(request -> new Reply(status, "green", Map.of("Content-Type", "text/plain", header, value)));

        assertThat(connection.send(new Request("GET", "/x")).block(PATIENCE).status())
                .isEqualTo(status);
    }

    private static Function<String, Reply> plain(int status, String body) {
        return request -> Reply.foreign(status, "application/json", body);
    }

    private static String node(String version) {
        return "{\"nodes\":{\"x\":{\"version\":\"" + version + "\"}}}";
    }
}
