package io.pgsync.elasticsearch.examination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.StubEngine.Reply;
import io.pgsync.elasticsearch.StubbedConnection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenSearchRightsTest {
    private static final String QUESTION = "/_plugins/_security/api/account";

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    @BeforeEach
    void beOpenSearch() {
        stubbed.engine().beOpenSearch();
    }

    @Test
    void anEngineThatIsAwayForAMomentIsAskedAgain() {
        stubbed.engine().once(QUESTION, () -> {
            stubbed.engine()
                    .once(
                            QUESTION,
                            () -> Optional.of(Reply.openSearch(
                                    200, "{\"user_name\":\"pgsync\",\"roles\":[\"books\",\"own_index\"]}")));
            return Optional.of(error(503));
        });

        assertThat(rights().message())
                .startsWith("user pgsync has the roles books, own_index; OpenSearch does not tell");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void anEngineThatStaysAwayIsNoEngineThatDoesNotTell(int status) {
        stubbed.engine().always(QUESTION, error(status));

        assertThatThrownBy(this::rights)
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.RETRY))
                .hasMessageContaining("could not tell our rights: status " + status);
    }

    @Test
    void aNodeWithoutTheSecurityPluginRestrictsNothing() {
        stubbed.engine()
                .always(
                        QUESTION,
                        Reply.openSearch(400, "{\"error\":\"no handler found for uri [x] and method [GET]\"}"));

        assertThat(rights()).isEqualTo(Finding.fine("rights", "not restricted"));
    }

    @Test
    void aRefusalIsNoMissingRight() {
        stubbed.engine().always(QUESTION, error(403));

        assertThat(rights().message()).startsWith("not told; OpenSearch does not tell what is allowed. Needed:");
    }

    private static Reply error(int status) {
        return Reply.openSearch(
                status, "{\"error\":{\"root_cause\":[],\"type\":\"t\",\"reason\":\"r\"},\"status\":" + status + "}");
    }

    private Finding rights() {
        return new EngineExamination(stubbed.connection())
                .examine(List.of()).block(StubbedConnection.PATIENCE).stream()
                        .filter(finding -> finding.subject().equals("rights"))
                        .findFirst()
                        .orElseThrow();
    }
}
