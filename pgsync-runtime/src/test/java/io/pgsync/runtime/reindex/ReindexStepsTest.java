package io.pgsync.runtime.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import io.pgsync.core.checkpoint.PlacementsInMemory;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.runtime.source.Database;
import io.pgsync.runtime.source.Databases;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class ReindexStepsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Database SHOP = Databases.shop("books-1", "books-2");

    private final EngineInMemory engine =
            EngineInMemory.of("books-1", "books-2").alias("books", "books-1");
    private final StatesInMemory states = StatesInMemory.of("books-1", "books-2");
    private final PlacementsInMemory placements = PlacementsInMemory.of(loading());
    private Optional<String> objection = Optional.empty();
    private int looks;
    private Instant now = NOON;
    private final ReindexSteps steps = new ReindexSteps(
            placements,
            states,
            engine,
            (database, tree) -> Mono.fromSupplier(() -> {
                looks++;
                engine.done.add("look");
                return objection;
            }),
            () -> now);

    static Placement loading() {
        return Placement.of("books", "books-1")
                .with(
                        new Reindex(
                                "books-2",
                                Phase.PREPARING,
                                "me",
                                NOON,
                                Duration.ofHours(24),
                                Optional.empty(),
                                Optional.empty()),
                        Map.of(
                                "books-1", JsonNodeFactory.instance.objectNode().put("old", true),
                                "books-2", JsonNodeFactory.instance.objectNode().put("new", true)))
                .in(Phase.LOADING);
    }

    private void next() {
        steps.next(placements.load("books").block().orElseThrow(), SHOP).block();
    }

    private Phase phase() {
        return placements.get("books").reindex().orElseThrow().phase();
    }

    @Test
    void anIndexThatIsRightTakesThePlaceAfterItIsVisible() {
        next();

        assertThat(phase()).isEqualTo(Phase.REPLACED);
        assertThat(placements.get("books").index()).isEqualTo("books-2");
        assertThat(engine.done).containsExactly("refresh books-2", "look", "ready books-2", "give books to books-2");
    }

    @Test
    void anIndexThatIsBeingLoadedIsWaitedFor() {
        states.put(StatesInMemory.state("books-2", 10).withBackfill(BackfillProgress.start(false)));

        next();

        assertThat(phase()).isEqualTo(Phase.LOADING);
        assertThat(looks).isZero();
    }

    @Test
    void anIndexThatIsWrongIsLookedAtAgainAndNotTooOften() {
        objection = Optional.of("3 differ");

        next();
        next();
        assertThat(looks).isEqualTo(1);
        assertThat(placements.get("books").reindex().orElseThrow().trouble()).contains("3 differ");
        assertThat(engine.names.get("books")).isEqualTo("books-1");

        objection = Optional.empty();
        now = NOON.plusSeconds(31);
        next();
        assertThat(phase()).isEqualTo(Phase.REPLACED);
        assertThat(placements.get("books").reindex().orElseThrow().trouble()).isEmpty();
    }

    @Test
    void anIndexWithADivergenceDoesNotTakeThePlace() {
        states.put(StatesInMemory.state("books-2", 10)
                .withDiverged(Diverged.at(new Lsn(5), Kind.MOSTLY_REFUSED, "too many")));

        next();

        assertThat(phase()).isEqualTo(Phase.LOADING);
        assertThat(placements.get("books").reindex().orElseThrow().trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("too many"));
    }

    /** The process died between the two writes. */
    @Test
    void theAliasFollowsThePlacement() {
        placements.put(loading().swapped(Phase.REPLACED, Optional.of(NOON)));

        next();

        assertThat(engine.done).containsExactly("give books to books-2");
    }

    @Test
    void theFormerIndexIsKeptForItsTime() {
        placements.put(loading().swapped(Phase.REPLACED, Optional.of(NOON)));

        now = NOON.plus(Duration.ofHours(24)).minusSeconds(1);
        next();
        assertThat(phase()).isEqualTo(Phase.REPLACED);

        now = NOON.plus(Duration.ofHours(24));
        next();
        Placement ended = placements.get("books");
        assertThat(ended.reindex()).isEmpty();
        assertThat(ended.followed()).containsExactly("books-2");
        assertThat(ended.obsolete()).containsExactly("books-1");
        assertThat(ended.former()).contains(loading().definitions().get("books-1"));
        assertThat(engine.done).noneMatch(step -> step.startsWith("delete"));

        next();
        assertThat(engine.done).endsWith("delete books-1");
        assertThat(states.indexes()).containsExactly("books-2");
        assertThat(placements.get("books").obsolete()).isEmpty();
    }

    @Test
    void whatWasRolledBackStaysUntilSomebodyDecides() {
        placements.put(
                loading().swapped(Phase.REPLACED, Optional.of(NOON)).swapped(Phase.ROLLED_BACK, Optional.empty()));

        now = NOON.plus(Duration.ofDays(9));
        next();

        assertThat(phase()).isEqualTo(Phase.ROLLED_BACK);
        assertThat(placements.get("books").followed()).containsExactly("books-1", "books-2");
        assertThat(engine.done).isEmpty();
    }
}
