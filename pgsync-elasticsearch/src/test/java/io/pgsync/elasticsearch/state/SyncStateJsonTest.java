package io.pgsync.elasticsearch.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.Definitions;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.checkpoint.LoadedDefinition.NodeFacts;
import io.pgsync.core.checkpoint.PartitionLoad;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.checkpoint.SyncState.Diverged;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SyncStateJsonTest {
    private static final Definitions DEFINITIONS = new Definitions(
            Map.of("type \"public.mood\"", Set.of("1=a", "2=b")),
            Map.of("public.orders", Set.of("16400"), "public.empty", Set.of()),
            Map.of("column \"c\" of \"public.t\"", List.of("738", "16397", "character varying(10)")),
            Map.of("public.orders", Set.of("publication 16390 741 10", "table 16391 741")),
            Map.of("public.orders", Set.of("16400\u001f.755"), "public.empty", Set.of()));
    private static final SyncState STATE = new SyncState(
            "books",
            "uuid",
            new SourceIdentity("1", 1, "shop", "pgsync"),
            3,
            "f",
            BackfillProgress.DONE,
            new Lsn(20),
            List.of());
    private static final LoadedDefinition LOADED = new LoadedDefinition(
            JsonNodeFactory.instance
                    .objectNode()
                    .put("routing", "title")
                    .set("nodes", JsonNodeFactory.instance.objectNode().put("table", "book")),
            "types",
            Map.of("/nodes", new NodeFacts(Map.of("title", "text"), List.of("id integer"), List.of())));

    @ParameterizedTest
    @EnumSource
    void aDivergenceOfEachKindComesBackAsItWas(Kind kind) {
        SyncState state =
                STATE.withDiverged(Diverged.at(new Lsn(10), kind, "why")).withDefinitions(DEFINITIONS);

        assertThat(SyncStateJson.read(SyncStateJson.write(state))).isEqualTo(state);
    }

    @Test
    void theIdsOfAnOrderComeBackAsTheyWere() {
        SyncState state = STATE.withBackfill(BackfillProgress.startIds(List.of("1", "a|b")));

        assertThat(SyncStateJson.read(SyncStateJson.write(state))).isEqualTo(state);
        assertThat(SyncStateJson.write(STATE).path("backfill").has("ids")).isFalse();
    }

    @Test
    void theLoadForPartitionsComesBackAsItWas() {
        PartitionLoad load = PartitionLoad.of(List.of("public.item"), Optional.of("id = 1"), "item left");
        for (BackfillProgress progress : List.of(
                BackfillProgress.DONE.and(load),
                BackfillProgress.DONE.and(load.withoutTables().loaded(List.of("7"))),
                BackfillProgress.start(true).loaded(List.of("7"), 7, 0).and(load),
                BackfillProgress.start(true).and(PartitionLoad.whole("by hash")),
                BackfillProgress.DONE.and(load).partitionsLoaded(load.ended(), 3, 0))) {
            SyncState state = STATE.withBackfill(progress);

            assertThat(SyncStateJson.read(SyncStateJson.write(state))).isEqualTo(state);
        }
    }

    @Test
    void anEarlierReleaseTakesItForALoadOfTheWholeIndex() {
        PartitionLoad load = PartitionLoad.of(List.of("public.item"), Optional.of("id = 1"), "item left");

        ObjectNode written = SyncStateJson.write(STATE.withBackfill(
                BackfillProgress.startWhere("id = 3").and(load).ended()));
        ((ObjectNode) written.path("backfill")).remove("partitions");

        BackfillProgress taken = SyncStateJson.read(written).backfill();
        assertThat(taken.isWholeUnderWay()).isTrue();
        assertThat(taken.removesOrphans()).isTrue();
        assertThat(taken.lastKey()).isEmpty();
    }

    @Test
    void theHistoriesOfShardsComeBackAsTheyWere() {
        SyncState state = STATE.withHistories(Map.of("0", "abc", "1", "def"));

        assertThat(SyncStateJson.read(SyncStateJson.write(state))).isEqualTo(state);
    }

    @Test
    void theDefinitionOfItsLoadComesBackAsItWas() throws Exception {
        SyncState state = STATE.withLoaded(LOADED);

        String written = SyncStateJson.write(state).toString();

        assertThat(SyncStateJson.read(JsonMapper.builder().build().readTree(written)))
                .isEqualTo(state);
    }

    @Test
    void theRateOfALoadComesBackAsItWas() {
        SyncState state = STATE.withBackfill(BackfillProgress.DONE.atRate(1_200));

        assertThat(SyncStateJson.read(SyncStateJson.write(state))).isEqualTo(state);
    }

    @Test
    void aDefinitionOfAnotherFormAndThatOfAnOlderStateAreUnknown() {
        ObjectNode other = SyncStateJson.write(STATE.withLoaded(LOADED));
        ((ObjectNode) other.path("loaded_with")).put("form", 99);

        assertThat(SyncStateJson.read(other).loaded()).isEmpty();
        assertThat(SyncStateJson.read(SyncStateJson.write(STATE))).isEqualTo(STATE);
    }

    @Test
    void theGapOfAnOlderVersionIsOne() {
        ObjectNode older = SyncStateJson.write(STATE);
        older.putObject("gap")
                .put("from", "0/A")
                .put("to", "0/14")
                .put("reason", "the slot was dropped")
                .put("kind", "LOST");

        assertThat(SyncStateJson.read(older).diverged())
                .contains(Diverged.gap(new Lsn(10), new Lsn(20), "the slot was dropped"));
    }

    @Test
    void aKindThatOnlyALaterReleaseKnowsIsAGap() {
        ObjectNode later = SyncStateJson.write(STATE.withDiverged(Diverged.at(new Lsn(10), Kind.LOAD_REFUSED, "why")));
        ((ObjectNode) later.path("gap")).put("kind", "SOMETHING_ELSE");

        assertThat(SyncStateJson.read(later).diverged())
                .hasValueSatisfying(found -> assertThat(found.kind()).isEqualTo(Kind.GAP));
    }

    @Test
    void definitionsOfAnotherFormAndThoseOfOlderStatesAreUnknown() {
        ObjectNode other = SyncStateJson.write(STATE.withDefinitions(DEFINITIONS));
        ((ObjectNode) other.path("definitions")).put("form", 99);

        assertThat(SyncStateJson.read(other).definitions()).isEmpty();
        assertThat(SyncStateJson.read(SyncStateJson.write(STATE)).definitions()).isEmpty();
    }
}
