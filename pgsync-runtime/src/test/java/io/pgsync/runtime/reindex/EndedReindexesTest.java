package io.pgsync.runtime.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.PlacementsInMemory;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.failure.SyncException;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

class EndedReindexesTest {
    private final EngineInMemory engine =
            EngineInMemory.of("books-1", "books-2").alias("books", "books-2");
    private final StatesInMemory states = StatesInMemory.of("books-1", "books-2");
    private final PlacementsInMemory placements =
            PlacementsInMemory.of(ReindexStepsTest.loading().swapped(Phase.REPLACED, Optional.of(Instant.EPOCH)));
    private final EndedReindexes ended = new EndedReindexes(placements, states, engine);

    private StoredPlacement stored() {
        return placements.load("books").block().orElseThrow();
    }

    private static void refused(Mono<StoredPlacement> change, String words) {
        StepVerifier.create(change)
                .verifyErrorSatisfies(failure ->
                        assertThat(failure).isInstanceOf(SyncException.class).hasMessageContaining(words));
    }

    @Test
    void theFormerIndexTakesItsPlaceBack() {
        Placement now = ended.rolledBack(stored()).block().placement();

        assertThat(now.index()).isEqualTo("books-1");
        assertThat(now.followed()).containsExactly("books-1", "books-2");
        assertThat(engine.done).containsExactly("ready books-1", "give books to books-1");
        refused(ended.finished(stored()), "abort the reindex");
    }

    @Test
    void aFormerIndexThatWasDeletedByHandCannot() {
        engine.names.remove("books-1");

        refused(ended.rolledBack(stored()), "was deleted");

        assertThat(placements.get("books").index()).isEqualTo("books-2");
    }

    @Test
    void afterTheSwapItIsFinishedAndNotAborted() {
        refused(ended.aborted(stored()), "already");

        assertThat(ended.finished(stored()).block().placement().obsolete()).containsExactly("books-1");
    }

    @Test
    void beforeTheSwapItIsAbortedAndNeitherFinishedNorRolledBack() {
        placements.put(ReindexStepsTest.loading());

        refused(ended.finished(stored()), "has not taken the place");
        refused(ended.rolledBack(stored()), "nothing to roll back");
        assertThat(ended.aborted(stored()).block().placement().obsolete()).containsExactly("books-2");
    }
}
