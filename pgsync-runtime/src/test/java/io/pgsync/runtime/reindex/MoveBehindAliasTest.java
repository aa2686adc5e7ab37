package io.pgsync.runtime.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import io.pgsync.core.checkpoint.PlacementsInMemory;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.refusal.RefusalStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class MoveBehindAliasTest {
    private final EngineInMemory engine = EngineInMemory.of("books", "books-2");
    private final StatesInMemory states = StatesInMemory.of("books", "books-2");
    private final PlacementsInMemory placements = PlacementsInMemory.of(Placement.of("books", "books")
            .with(
                    new Reindex(
                            "books-2",
                            Phase.MOVING,
                            "me",
                            Instant.EPOCH,
                            Duration.ofHours(1),
                            Optional.empty(),
                            Optional.empty()),
                    Map.of()));
    private final MoveBehindAlias move = new MoveBehindAlias(engine, placements, states, RefusalStore.NONE);

    private void run() {
        move.run(placements.load("books").block().orElseThrow()).block();
    }

    private void isMovedTo(String index) {
        assertThat(placements.get("books").index()).isEqualTo(index);
        assertThat(placements.get("books").reindex().orElseThrow().phase()).isEqualTo(Phase.LOADING);
        assertThat(states.indexes()).containsExactlyInAnyOrder(index, "books-2");
        assertThat(states.get(index)).satisfies(state -> {
            assertThat(state.stored()).isEqualTo(new Lsn(10));
            assertThat(state.indexUuid()).isEqualTo("uuid-" + index);
            assertThat(state.histories()).containsValue("h-" + index);
        });
    }

    @Test
    void aCopyTakesTheNameInOneStepWhenItsStateIsThere() {
        run();

        assertThat(engine.done).containsExactly("copy books to books-1", "replace books by books-1");
        isMovedTo("books-1");
    }

    /** The index is gone, so the alias is all that is left. */
    @Test
    void aMoveThatDiedAfterTheStepGoesOn() {
        states.put(StatesInMemory.state("books", 10).movedTo("books-1", "uuid-books-1", Map.of("0", "h-books-1")));
        engine.alias("books", "books-1").names.put("books-1", "books-1");

        run();

        assertThat(engine.done).isEmpty();
        isMovedTo("books-1");
    }

    @Test
    void anAliasOfAPersonLeadsToTheIndexThatGetsTheState() {
        engine.alias("books", "mine").names.put("mine", "mine");

        run();

        assertThat(engine.done).isEmpty();
        isMovedTo("mine");
    }

    @Test
    void anIndexThatIsGoneIsAGap() {
        engine.names.remove("books");

        StepVerifier.create(move.run(placements.load("books").block().orElseThrow()))
                .verifyError(GapException.class);

        assertThat(MoveBehindAlias.isDue(placements.get("books"))).isTrue();
    }
}
