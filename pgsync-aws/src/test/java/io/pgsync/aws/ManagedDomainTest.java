package io.pgsync.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.aws.AmazonStub.Reply;
import io.pgsync.core.failure.Finding;
import io.pgsync.elasticsearch.Authentication;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.ElasticsearchSettings;
import io.pgsync.elasticsearch.EngineKind;
import io.pgsync.elasticsearch.examination.EngineExamination;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.elasticsearch.index.LoadingSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/** What Amazon keeps from the engine of a managed domain is skipped, and said. */
class ManagedDomainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AwsBasicCredentials CREDENTIALS = AwsBasicCredentials.create("AKIDEXAMPLE", "secret");

    private final Map<String, Reply> replies = new HashMap<>();
    private final AmazonStub amazon = new AmazonStub(CREDENTIALS);
    private final Scheduler scheduler = Schedulers.newParallel("engine", 2);
    private final ElasticsearchConnection connection = ElasticsearchConnection.open(
            ElasticsearchSettings.of(amazon.url())
                    .withAuthentication(
                            new Authentication.Signed(new AwsSigners(() -> CREDENTIALS).forRegion(AmazonStub.REGION))),
            scheduler);

    @AfterEach
    void close() {
        connection.close();
        scheduler.dispose();
        amazon.close();
    }

    @Test
    void doctorSaysWhatIsNotTold() {
        hide(
                "/_cluster/settings",
                "/_plugins/_security/api/account",
                "/_cluster/state/blocks,metadata/pgsync_state",
                "/_cluster/state/blocks,metadata/books");

        assertThat(doctor())
                .containsEntry("disks", "not told: the question does not get through to the engine")
                .containsEntry("rights", "not told: the question does not get through to the engine")
                .containsEntry("index books", "whether it takes writes is not told");
    }

    @Test
    void doctorSaysWhatTheAnswersLeaveOut() {
        hide("/_plugins/_security/api/account");
        assertThat(doctor()).containsEntry("disks", "not told by the engine");

        gateway(Map.of("/_nodes/stats/fs", new Reply(200, "{\"nodes\":{\"x\":{\"name\":\"n1\"}}}")));
        assertThat(doctor()).containsEntry("disk of n1", "not told by the engine");
    }

    @Test
    void aLoadGoesOnWithTheSettingsThatItCannotChange() {
        hide("/books/_settings");
        gateway(Map.of(
                "/books/_mapping",
                new Reply(200, "{\"books\":{\"mappings\":{\"_meta\":{\"pgsync_before_load\":{}}}}}")));
        var loading = new LoadingSettings(connection);

        assertThatCode(() ->
                        loading.relax("books").then(loading.restore("books")).block(PATIENCE))
                .doesNotThrowAnyException();
    }

    @Test
    void theEngineIsKnownWithoutItsNodes() {
        hide("/_nodes/_local");
        gateway(Map.of("/", new Reply(200, "{\"version\":{\"distribution\":\"opensearch\",\"number\":\"2.19.3\"}}")));

        assertThat(connection.kind().block(PATIENCE)).isEqualTo(EngineKind.OPENSEARCH);
        assertThat(connection.examineVersion().block(PATIENCE).message()).contains("OpenSearch 2.19.3");
    }

    private void hide(String... paths) {
        gateway(Stream.of(paths)
                .collect(Collectors.toMap(
                        path -> path,
                        path -> new Reply(401, "{\"Message\":\"Your request: '" + path + "' is not allowed.\"}"))));
    }

    private void gateway(Map<String, Reply> more) {
        replies.putAll(more);
        amazon.answerAtTheGateway(replies);
    }

    private Map<String, String> doctor() {
        gateway(Map.of(
                "/books/_settings", new Reply(200, "{\"books\":{\"settings\":{}}}"),
                "/books/_mapping", new Reply(200, "{\"books\":{\"mappings\":{}}}")));
        var none = JsonNodeFactory.instance.objectNode();
        var books = new PlannedIndex("books", none, none, List.of(), List.of());
        return new EngineExamination(connection)
                .examine(List.of(books)).block(PATIENCE).stream()
                        .collect(Collectors.toMap(Finding::subject, Finding::message, (one, other) -> one));
    }
}
