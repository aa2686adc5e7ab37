package io.pgsync.core.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SyncStateTest {
    private static final SyncState STATE = new SyncState(
            "book",
            "uuid",
            new SourceIdentity("42", 1, "shop", "pgsync"),
            1,
            "f",
            BackfillProgress.DONE,
            new Lsn(10),
            List.of());

    private static final SyncState WITH_DEFINITION =
            STATE.withLoaded(new LoadedDefinition(JsonNodeFactory.instance.objectNode(), "exact", Map.of()));

    @Test
    void anEarlierReleaseMayAskForALoad() {
        SyncState asked = STATE.withBackfill(BackfillProgress.start(true));

        assertThat(asked.isRequestOver(WITH_DEFINITION)).isTrue();
    }

    @Test
    void anotherWriterIsNoRequest() {
        SyncState other = WITH_DEFINITION.withBackfill(BackfillProgress.start(true));

        assertThat(other.withGeneration(2).isRequestOver(WITH_DEFINITION)).isFalse();
        assertThat(other.withRefused(List.of("7")).isRequestOver(WITH_DEFINITION))
                .isFalse();
    }
}
