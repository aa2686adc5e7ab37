package io.pgsync.elasticsearch.state;

import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import io.pgsync.core.checkpoint.PlacementStore.StoredPlacement;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.elasticsearch.Engine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class ElasticsearchPlacementStoreIT {
    private final Engine engine = Engine.shared();
    private final ElasticsearchPlacementStore store = new ElasticsearchPlacementStore(engine.connection());
    private final String name = engine.freshIndex();
    private final Placement placement = Placement.of(name, name + "-1");

    @AfterEach
    void close() {
        store.delete(name).block(PATIENCE);
        engine.close();
    }

    private StoredPlacement load() {
        return store.load(name).block(PATIENCE).orElseThrow();
    }

    @Test
    void isReadAsItWasWritten() {
        assertThat(store.load(name).block(PATIENCE)).isEmpty();
        store.create(placement).block(PATIENCE);
        assertThat(load().placement()).isEqualTo(placement);

        Placement whole = placement
                .with(
                        new Reindex(
                                name + "-2",
                                Phase.LOADING,
                                "me",
                                Instant.parse("2026-01-01T12:00:00.123456789Z"),
                                Duration.ofMinutes(90),
                                Optional.empty(),
                                Optional.of("why")),
                        Map.of(
                                name + "-2",
                                JsonNodeFactory.instance.objectNode().put("nodes", 1)))
                .swapped(Phase.REPLACED, Optional.of(Instant.EPOCH));
        store.replace(load(), whole).block(PATIENCE);
        assertThat(load().placement()).isEqualTo(whole);
        store.replace(load(), whole.ended()).block(PATIENCE);
        assertThat(load().placement()).isEqualTo(whole.ended());
    }

    @Test
    void ofTwoWritersTheSecondLearnsThatItIsLate() {
        store.create(placement).block(PATIENCE);
        StoredPlacement before = load();
        store.replace(before, Placement.of(name, "mine")).block(PATIENCE);

        StepVerifier.create(store.replace(before, Placement.of(name, "yours")))
                .verifyError(StateConflictException.class);
        StepVerifier.create(store.create(placement)).verifyError(StateConflictException.class);
        // A write whose answer was lost is repeated, and finds itself.
        StepVerifier.create(store.replace(before, Placement.of(name, "mine")))
                .expectNextCount(1)
                .verifyComplete();
    }

    @Test
    void thoseThatAreMissingAreLeftOut() {
        store.create(placement).block(PATIENCE);

        assertThat(store.load(List.of("nobody", name)).block(PATIENCE))
                .extracting(StoredPlacement::placement)
                .containsExactly(placement);
        assertThat(store.load(List.of()).block(PATIENCE)).isEmpty();
    }
}
