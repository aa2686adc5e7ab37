package io.pgsync.elasticsearch.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.SyncException;
import io.pgsync.elasticsearch.ElasticsearchConnection;
import io.pgsync.elasticsearch.StubEngine;
import io.pgsync.elasticsearch.StubbedConnection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class ElasticsearchStateStoreTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @AutoClose
    private final StubbedConnection stubbed = StubbedConnection.open();

    private final StubEngine engine = stubbed.engine();
    private final ElasticsearchConnection connection = stubbed.connection();
    private final SyncState state = new SyncState(
            "books",
            "uuid",
            new SourceIdentity("7212345678901234567", 3, "shop", "pgsync_shop"),
            4,
            "fingerprint",
            BackfillProgress.DONE,
            Lsn.parse("16/B374D848"),
            List.of("x"));

    @Test
    void aStateOfWhichAPartIsMissingCanBeReadAndLoadedAgain() {
        SyncState read = load(state);

        assertThat(read.diverged()).hasValueSatisfying(gap -> {
            assertThat(gap.kind()).isEqualTo(Kind.GAP);
            assertThat(gap.reason()).contains("books/refused/gone").doesNotContain("books/refused/there");
        });
        assertThat(read.refused()).containsExactly("x", "y");
    }

    @Test
    void aMissingPartIsGraverThanAChangedDefinition() {
        SyncState read = load(
                state.withDiverged(Diverged.at(new Lsn(5), Kind.DEFINITION_CHANGED, "type \"mood\" has other values")));

        assertThat(read.diverged()).hasValueSatisfying(gap -> {
            assertThat(gap.kind()).isEqualTo(Kind.GAP);
            assertThat(gap.reason()).contains("books/refused/gone", "mood");
        });
    }

    /** A gateway that answers in the engine's place knows of no state. */
    @Test
    void anAnswerWithoutHitsDoesNotSayThatThereIsNoState() {
        engine.then(200, "{\"_shards\":{\"failed\":0}}").then(200, "{}");

        assertThatThrownBy(
                        () -> new ElasticsearchStateStore(connection).sources().block(PATIENCE))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("lacks hits");
    }

    /** It was not executed then, and one that was finds itself. */
    @Test
    void aBusyEngineIsAskedAgainToCreateAState() {
        SyncState fresh = state.withRefused(List.of());
        engine.scriptEverything();
        engine.then(200, "{\"acknowledged\":true,\"shards_acknowledged\":true,\"index\":\"pgsync_state\"}");
        for (int refusal = 0; refusal < 5; refusal++) {
            engine.then(
                    429,
                    "{\"error\":{\"type\":\"es_rejected_execution_exception\",\"reason\":\"full\"},\"status\":429}");
        }
        engine.then(
                201,
                "{\"_index\":\"pgsync_state\",\"_id\":\"books\",\"_version\":1,\"result\":\"created\",\"_seq_no\":7,"
                        + "\"_primary_term\":1,\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0}}");

        assertThat(new ElasticsearchStateStore(connection)
                        .create(fresh)
                        .block(PATIENCE)
                        .state())
                .isEqualTo(fresh);
    }

    /** As the engine has it, with one part that is there and one that is not. */
    private SyncState load(SyncState kept) {
        ObjectNode json = SyncStateJson.write(kept, List.of("books/refused/there", "books/refused/gone"));
        engine.scriptEverything();
        for (int read = 0; read < 3; read++) {
            engine.then(
                    200,
                    "{\"_index\":\"pgsync_state\",\"_id\":\"books\",\"_version\":1,\"_seq_no\":7,\"_primary_term\":1,"
                            + "\"found\":true,\"_source\":" + json + "}");
            engine.then(200, "{\"docs\":[" + parts() + "]}");
        }
        return new ElasticsearchStateStore(connection)
                .load("books")
                .block(PATIENCE)
                .orElseThrow()
                .state();
    }

    private static String parts() {
        return "{\"_index\":\"pgsync_state\",\"_id\":\"books/refused/there\",\"found\":true,\"_source\":{\"ids\":[\"y\"]}},"
                + "{\"_index\":\"pgsync_state\",\"_id\":\"books/refused/gone\",\"found\":false}";
    }
}
