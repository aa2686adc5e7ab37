package io.pgsync.runtime.refused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.refusal.Refusal;
import io.pgsync.core.refusal.RefusalsInMemory;
import io.pgsync.runtime.config.RefusedSelection;
import io.pgsync.runtime.report.RefusedOfIndex;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RefusedRecordsTest {
    private static final Refusal SEVEN = refusal("7", "plugin_failure");
    private static final Refusal EIGHT = refusal("8", "too_large");

    private final StatesInMemory states = StatesInMemory.of("books", "authors");
    private final RefusalsInMemory store = new RefusalsInMemory();
    private final RefusedRecords records =
            new RefusedRecords(List.of("books", "authors", "not prepared"), states, store);

    @BeforeEach
    void refuseThree() {
        states.put(states.get("books").withRefused(List.of("7", "8", "9")));
        store.put("books", List.of(SEVEN, EIGHT));
    }

    @Test
    void whatHasNoRecordIsToldByItsId() {
        assertThat(list(RefusedSelection.ALL))
                .containsExactly(new RefusedOfIndex("books", List.of(SEVEN, EIGHT), List.of("9")));
        assertThat(list(RefusedSelection.ALL).get(0).count()).isEqualTo(3);
    }

    @Test
    void documentsAreChosenByIdTypeAndIndex() {
        assertThat(list(RefusedSelection.ofIds("8", "9", "10")))
                .containsExactly(new RefusedOfIndex("books", List.of(EIGHT), List.of("9")));
        assertThat(list(new RefusedSelection(List.of(), List.of(), Optional.of("too_large"))))
                .containsExactly(new RefusedOfIndex("books", List.of(EIGHT), List.of()));
        assertThat(list(new RefusedSelection(List.of("authors"), List.of(), Optional.empty())))
                .isEmpty();
    }

    /** The process that follows removes it a moment later. */
    @Test
    void aRecordOfADocumentThatIsStoredByNowIsNotShown() {
        states.put(states.get("books").withRefused(List.of("8")));

        assertThat(list(RefusedSelection.ALL)).containsExactly(new RefusedOfIndex("books", List.of(EIGHT), List.of()));
    }

    /** The run that ended by them had no time to write the state. */
    @Test
    void ofAnIndexThatIsSetAsideAllRecordsAreShown() {
        states.put(states.get("books")
                .withRefused(List.of())
                .withDiverged(Diverged.at(new Lsn(5), Kind.MOSTLY_REFUSED, "500 of 500")));

        assertThat(list(RefusedSelection.ALL))
                .containsExactly(new RefusedOfIndex("books", List.of(SEVEN, EIGHT), List.of()));
    }

    @Test
    void toForgetRemovesRecordsAndNothingElse() {
        assertThat(records.forget(RefusedSelection.ofIds("7", "9")).block()).isEqualTo(1);

        assertThat(store.recorded("books")).containsExactly(EIGHT);
        assertThat(states.get("books").refused()).containsExactly("7", "8", "9");
        assertThat(list(RefusedSelection.ALL))
                .containsExactly(new RefusedOfIndex("books", List.of(EIGHT), List.of("7", "9")));
    }

    @Test
    void whereThereIsNothingToForgetNothingIsWritten() {
        assertThat(records.forget(RefusedSelection.ofIds("9")).block()).isZero();

        assertThat(store.written).isEmpty();
    }

    @Test
    void anIndexThatTheFileDoesNotHaveIsNamed() {
        assertThatThrownBy(() -> list(new RefusedSelection(List.of("book"), List.of(), Optional.empty())))
                .hasMessage("The schema file has no document for index book; it has books, authors, not prepared");
    }

    private List<RefusedOfIndex> list(RefusedSelection selection) {
        return records.list(selection).block();
    }

    private static Refusal refusal(String id, String type) {
        return new Refusal(id, 0, type, "why", Optional.empty(), Instant.EPOCH, Instant.EPOCH, 1);
    }
}
