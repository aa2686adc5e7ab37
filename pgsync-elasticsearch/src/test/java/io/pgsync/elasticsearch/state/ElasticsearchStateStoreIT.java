package io.pgsync.elasticsearch.state;

import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.GapException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncStateStore.StoredState;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.Paths;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ElasticsearchStateStoreIT {
    private final Engine engine = Engine.shared();
    private final ElasticsearchStateStore store = new ElasticsearchStateStore(engine.connection());
    private final SyncState state = new SyncState(
            engine.freshIndex(),
            "uuid",
            new SourceIdentity("7212345678901234567", 3, "shop", "pgsync_shop"),
            4,
            "fingerprint",
            BackfillProgress.start(true).loaded(List.of("a|b", "2"), 17, 3),
            Lsn.parse("16/B374D848"),
            List.of("x", "y"));

    @AfterEach
    void close() {
        store.delete(state.index()).block(PATIENCE);
        engine.close();
    }

    @Test
    void aStateIsReadAsItWasWritten() {
        store.create(state).block(PATIENCE);
        StoredState stored = load();
        store.replace(stored, state.withBackfill(BackfillProgress.DONE)).block(PATIENCE);

        assertThat(stored.state()).isEqualTo(state);
        assertThat(load().state()).isEqualTo(state.withBackfill(BackfillProgress.DONE));
    }

    @Test
    void aGapAndTheTimeOfTheLastCommitAreKept() {
        SyncState broken = state.withStored(new Lsn(20), Optional.of(Instant.parse("2026-01-01T12:00:00.123Z")))
                .withDiverged(SyncState.Diverged.gap(new Lsn(20), new Lsn(30), "the slot is gone"));

        store.create(broken).block(PATIENCE);

        assertThat(load().state()).isEqualTo(broken);
    }

    @Test
    void anIndexWithoutStateHasNone() {
        assertThat(store.load(state.index()).block(PATIENCE)).isEmpty();
        store.delete(state.index()).block(PATIENCE);
    }

    @Test
    void onlyOneOfTwoWritersReplacesAState() {
        StoredState read = store.create(state).block(PATIENCE);

        StoredState first = store.replace(read, state.withGeneration(5)).block(PATIENCE);

        assertThatThrownBy(() -> store.replace(read, state.withGeneration(6)).block(PATIENCE))
                .isInstanceOf(StateConflictException.class);
        assertThat(load()).isEqualTo(first);
    }

    @Test
    void aStateIsCreatedOnce() {
        store.create(state).block(PATIENCE);

        assertThatThrownBy(() -> store.create(state.withGeneration(5)).block(PATIENCE))
                .isInstanceOf(StateConflictException.class);
    }

    @Test
    void aWriteWhoseAnswerWasLostMayBeRepeated() {
        StoredState read = store.create(state).block(PATIENCE);
        StoredState written = store.replace(read, state.withGeneration(5)).block(PATIENCE);

        StoredState repeated = store.replace(read, state.withGeneration(5)).block(PATIENCE);

        assertThat(repeated).isEqualTo(written);
    }

    @Test
    void aStateThatVanishesIsAGap() {
        StoredState read = store.create(state).block(PATIENCE);
        store.delete(state.index()).block(PATIENCE);

        assertThatThrownBy(() -> store.replace(read, state.withGeneration(5)).block(PATIENCE))
                .isInstanceOf(GapException.class);
    }

    @Test
    void manyRefusedDocumentsLeaveTheStateSmallAndOneMoreWritesLittle() {
        SyncState wide = state.withRefused(ids(20_000));
        StoredState first =
                store.replace(store.create(state).block(PATIENCE), wide).block(PATIENCE);
        Set<String> before = partNames();

        StoredState second =
                store.replace(first, state.withRefused(ids(20_001))).block(PATIENCE);

        assertThat(new ElasticsearchStateStore(engine.connection())
                        .load(state.index())
                        .block(PATIENCE))
                .contains(second);
        assertThat(engine.document(ElasticsearchStateStore.INDEX, state.index()).toString())
                .hasSizeLessThan(20_000);
        assertThat(partNames()).hasSameSizeAs(before);
        assertThat(partNames()).filteredOn(name -> !before.contains(name)).hasSize(1);
        assertThat(documentsOfTheState()).isEqualTo(1 + before.size());
    }

    @Test
    void whatARefusedDocumentLeftGoesWithIt() {
        StoredState wide = store.create(state.withRefused(ids(5_000))).block(PATIENCE);
        assertThat(documentsOfTheState()).isGreaterThan(1);

        store.replace(wide, state).block(PATIENCE);

        assertThat(documentsOfTheState()).isEqualTo(1);
        assertThat(load().state()).isEqualTo(state);
    }

    @Test
    void aPartThatWasDeletedByHandIsAGapThatALoadMends() {
        store.create(state.withRefused(ids(5_000))).block(PATIENCE);
        String part = partNames().iterator().next();
        engine.send("DELETE", Paths.document(ElasticsearchStateStore.INDEX, part), "");
        var later = new ElasticsearchStateStore(engine.connection());

        StoredState found = later.load(state.index()).block(PATIENCE).orElseThrow();

        assertThat(found.state().diverged()).hasValueSatisfying(gap -> {
            assertThat(gap.kind()).isEqualTo(Kind.GAP);
            assertThat(gap.reason()).contains(part);
        });
        assertThat(found.state().refused()).hasSizeBetween(1_000, 4_999);
        later.replace(found, state).block(PATIENCE);
        assertThat(load().state()).isEqualTo(state);
        assertThat(documentsOfTheState()).isEqualTo(1);
    }

    @Test
    void aWriteThatLosesLeavesNothing() {
        StoredState read = store.create(state).block(PATIENCE);
        store.replace(read, state.withGeneration(5)).block(PATIENCE);

        assertThatThrownBy(
                        () -> store.replace(read, state.withRefused(ids(5_000))).block(PATIENCE))
                .isInstanceOf(StateConflictException.class);
        assertThat(documentsOfTheState()).isEqualTo(1);
    }

    private static List<String> ids(int count) {
        return IntStream.range(0, count).mapToObj(i -> "id-%06d".formatted(i)).toList();
    }

    private Set<String> partNames() {
        var names = new TreeSet<String>();
        engine.document(ElasticsearchStateStore.INDEX, state.index())
                .at("/_source/refused_parts")
                .forEach(name -> names.add(name.asText()));
        return names;
    }

    private long documentsOfTheState() {
        engine.send("POST", "/" + ElasticsearchStateStore.INDEX + "/_refresh", "");
        var query = "{\"size\": 1000, \"_source\": false}";
        var hits = engine.send("POST", "/" + ElasticsearchStateStore.INDEX + "/_search", query)
                .at("/hits/hits");
        return StreamSupport.stream(hits.spliterator(), false)
                .filter(hit -> hit.path("_id").asText().startsWith(state.index()))
                .count();
    }

    private StoredState load() {
        return store.load(state.index()).block(PATIENCE).orElseThrow();
    }
}
