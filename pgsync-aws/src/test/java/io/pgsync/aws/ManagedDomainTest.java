package io.pgsync.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.aws.AmazonStub.Reply;
import io.pgsync.core.failure.Finding;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.EngineKind;
import io.pgsync.elasticsearch.examination.EngineExamination;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.elasticsearch.index.LoadingSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What Amazon keeps from the engine of a managed domain is skipped, and said. */
class ManagedDomainTest {
    @AutoClose
    private final ManagedDomain domain = new ManagedDomain();

    private final Map<String, Reply> replies = new HashMap<>();
    private final ElasticsearchConnection connection = domain.connect();

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
                        loading.relax("books").then(loading.restore("books")).block(ManagedDomain.PATIENCE))
                .doesNotThrowAnyException();
    }

    @Test
    void theEngineIsKnownWithoutItsNodes() {
        hide("/_nodes/_local");
        gateway(Map.of("/", new Reply(200, "{\"version\":{\"distribution\":\"opensearch\",\"number\":\"2.19.3\"}}")));

        assertThat(connection.kind().block(ManagedDomain.PATIENCE)).isEqualTo(EngineKind.OPENSEARCH);
        assertThat(connection.examineVersion().block(ManagedDomain.PATIENCE).message())
                .contains("OpenSearch 2.19.3");
    }

    private void hide(String... paths) {
        gateway(Stream.of(paths)
                .collect(Collectors.toMap(
                        path -> path,
                        path -> new Reply(401, "{\"Message\":\"Your request: '" + path + "' is not allowed.\"}"))));
    }

    private void gateway(Map<String, Reply> more) {
        replies.putAll(more);
        domain.amazon().answerAtTheGateway(replies);
    }

    private Map<String, String> doctor() {
        gateway(Map.of(
                "/books/_settings", new Reply(200, "{\"books\":{\"settings\":{}}}"),
                "/books/_mapping", new Reply(200, "{\"books\":{\"mappings\":{}}}")));
        var none = JsonNodeFactory.instance.objectNode();
        var books = new PlannedIndex("books", none, none, List.of(), List.of());
        return new EngineExamination(connection)
                .examine(List.of(books)).block(ManagedDomain.PATIENCE).stream()
                        .collect(Collectors.toMap(Finding::subject, Finding::message, (one, other) -> one));
    }
}
