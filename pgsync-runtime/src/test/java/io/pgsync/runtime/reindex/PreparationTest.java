package io.pgsync.runtime.reindex;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.PlacementsInMemory;
import io.pgsync.core.checkpoint.StatesInMemory;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.runtime.placement.Placements;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class PreparationTest {
    private static final ObjectNode OLD = definition("old");
    private static final ObjectNode NEW = definition("new");

    private final EngineInMemory engine = EngineInMemory.of("books-1").alias("books", "books-1");
    private final StatesInMemory states = new StatesInMemory();
    private final PlacementsInMemory placements = PlacementsInMemory.of(Placement.of("books", "books-1"));
    private final Preparation preparation = new Preparation(
            placements,
            states,
            new Placements(placements, states, engine::indexOf),
            Duration.ofHours(1),
            () -> Instant.EPOCH);

    PreparationTest() {
        load("books-1");
    }

    private static ObjectNode definition(String column) {
        ObjectNode definition = JsonNodeFactory.instance.objectNode();
        definition.putObject("nodes").put("table", column);
        return definition;
    }

    private void load(String index) {
        states.put(StatesInMemory.state(index, 10).withLoaded(new LoadedDefinition(OLD, "types", Map.of())));
    }

    private Placement prepare(ObjectNode definition) {
        return preparation
                .of("books", definition.deepCopy().put("database", "shop").put("index", "books"))
                .block()
                .placement();
    }

    private void refuses(ObjectNode definition, String words) {
        StepVerifier.create(preparation.of("books", definition)).verifyErrorSatisfies(failure -> {
            assertThat(failure).hasMessageContaining(words);
            assertThat(((SyncException) failure).remedy()).isEqualTo(Remedy.STOP);
        });
    }

    @Test
    void reservesTheNextNumberAndKeepsBothDefinitions() {
        Placement prepared = prepare(NEW);

        assertThat(prepared.reindex()).hasValueSatisfying(now -> {
            assertThat(now.other()).isEqualTo("books-2");
            assertThat(now.phase()).isEqualTo(Phase.PREPARING);
        });
        assertThat(prepared.definitions()).isEqualTo(Map.of("books-1", OLD, "books-2", NEW));
        assertThat(placements.get("books")).isEqualTo(prepared);
    }

    @Test
    void anIndexWithTheNameItselfNeedsANumberToo() {
        placements.delete("books").block();
        engine.names.put("books", "books");
        load("books");

        Placement prepared = prepare(NEW);

        // Number 1 is taken by somebody else's index.
        assertThat(prepared.index()).isEqualTo("books");
        assertThat(prepared.reindex().orElseThrow().other()).isEqualTo("books-3");
        assertThat(MoveBehindAlias.cloneOf(prepared)).isEqualTo("books-2");
    }

    @Test
    void theSameOrderJoinsAndAnotherIsRefused() {
        Placement prepared = prepare(NEW);

        assertThat(prepare(NEW)).isEqualTo(prepared);
        refuses(definition("third"), "changed since then");
    }

    @Test
    void afterARollbackTheSameFileTakesThePlaceAgain() {
        placements.put(prepare(NEW)
                .in(Phase.LOADING)
                .swapped(Phase.REPLACED, Optional.of(Instant.EPOCH))
                .swapped(Phase.ROLLED_BACK, Optional.empty()));

        assertThat(prepare(NEW).reindex().orElseThrow().phase()).isEqualTo(Phase.LOADING);
    }

    @Test
    void aFormerIndexThatIsKeptComesFirst() {
        placements.put(prepare(NEW).in(Phase.LOADING).swapped(Phase.REPLACED, Optional.of(Instant.EPOCH)));

        refuses(definition("third"), "is still kept");
    }

    @Test
    void aDefinitionThatNobodyKnowsCannotBeFollowed() {
        states.put(StatesInMemory.state("books-1", 10));

        refuses(NEW, "an earlier version loaded it");
    }
}
