package io.pgsync.elasticsearch.index;

import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.failure.Remedy;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.version.Reach;
import io.pgsync.core.version.ReadVersions;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.Trees;
import io.pgsync.elasticsearch.bulk.Sinks;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class IndexInitializerIT {
    private final Engine engine = Engine.shared();
    private final IndexInitializer initializer = new IndexInitializer(engine.connection());
    private final LoadingSettings loading = new LoadingSettings(engine.connection());
    private final String index = engine.freshIndex();

    @AfterEach
    void close() {
        initializer.delete(index).block(PATIENCE);
        engine.close();
    }

    @Test
    void anIndexIsCreatedAsAskedAndRemembersDeletesForLong() {
        String uuid = create("{\"number_of_shards\":2}", "{\"properties\":{\"title\":{\"type\":\"keyword\"}}}");

        assertThat(settings().path("number_of_shards").asText()).isEqualTo("2");
        assertThat(settings().path("gc_deletes").asText()).isEqualTo("10m");
        assertThat(settings().path("uuid").asText()).isEqualTo(uuid);
        assertThat(engine.get("/" + index + "/_mapping")
                        .at("/" + index + "/mappings/properties/title/type")
                        .asText())
                .isEqualTo("keyword");
    }

    @Test
    void theUsersChoiceOfGcDeletesStays() {
        create("{\"gc_deletes\":\"1h\"}", "{}");

        assertThat(settings().path("gc_deletes").asText()).isEqualTo("1h");
    }

    @Test
    void anExistingIndexIsLeftAsItIs() {
        String uuid = create("{}", "{}");

        String again = create("{\"number_of_replicas\":0}", "{\"properties\":{\"title\":{\"type\":\"keyword\"}}}");

        assertThat(again).isEqualTo(uuid);
        assertThat(engine.get("/" + index + "/_mapping").at("/" + index + "/mappings"))
                .isEmpty();
    }

    @Test
    void anIndexOfSomebodyElseIsToRememberDeletesAsLong() {
        engine.send("PUT", "/" + index, "{}");

        initializer.rememberDeletes(index).block(PATIENCE);

        assertThat(settings().path("gc_deletes").asText()).isEqualTo("10m");
    }

    @Test
    void unlessItsOwnerChoseATime() {
        create("{\"gc_deletes\":\"2m\"}", "{}");

        initializer.rememberDeletes(index).block(PATIENCE);

        assertThat(settings().path("gc_deletes").asText()).isEqualTo("2m");
    }

    @Test
    void oneThatRequiresARoutingTakesNoDocumentsWithout() {
        create("{}", "{\"_routing\":{\"required\":true}}");
        assertThatThrownBy(() -> initializer.checkUnrouted(index).block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining(index);

        initializer.delete(index).block(PATIENCE);
        create("{}", "{}");
        initializer.checkUnrouted(index).block(PATIENCE);
    }

    /** Clones, restored and reindexed indexes have their documents' versions, but not the aliases. */
    @Test
    void whoWroteAnIndexIsKnownByItsAliasesOrElseByItsDocuments() {
        create("{}", "{}");
        assertThat(initializer.newestGeneration(index).block(PATIENCE)).isZero();

        long version =
                new ReadVersions(7).during(Reach.wholeOf(index), Mono::just).blockLast();
        engine.send("PUT", "/" + index + "/_doc/1?version_type=external&version=" + version, "{}");
        engine.send("PUT", "/" + index + "/_doc/2?version_type=external&version=" + (3L << 44), "{}");
        assertThat(initializer.newestGeneration(index).block(PATIENCE)).isEqualTo(7);

        Sinks.takeOver(engine, index, 9);
        assertThat(initializer.newestGeneration(index).block(PATIENCE)).isEqualTo(9);
    }

    @Test
    void anIndexNameThatTheEngineRefusesStopsWithItsReason() {
        assertThatThrownBy(() -> initializer
                        .createIfMissing("Books", object("{}"), object("{}"))
                        .block(PATIENCE))
                .isInstanceOfSatisfying(
                        SyncException.class, e -> assertThat(e.remedy()).isEqualTo(Remedy.STOP))
                .hasMessageContaining("must be lowercase");
    }

    @Test
    void aDeletedIndexIsGone() {
        create("{}", "{}");

        initializer.delete(index).block(PATIENCE);
        initializer.delete(index).block(PATIENCE);

        assertThat(initializer.exists(index).block(PATIENCE)).isFalse();
        assertThat(initializer.indexUuid(index).block(PATIENCE)).isNull();
    }

    @Test
    void loadingSettingsAreTakenBackEvenAfterASecondStart() {
        create("{\"refresh_interval\":\"7s\",\"number_of_replicas\":1}", "{\"_meta\":{\"owner\":\"us\"}}");

        loading.relax(index).block(PATIENCE);
        loading.relax(index).block(PATIENCE);

        assertThat(settings().path("refresh_interval").asText()).isEqualTo("-1");
        assertThat(settings().path("number_of_replicas").asText()).isEqualTo("0");

        loading.restore(index).block(PATIENCE);
        loading.restore(index).block(PATIENCE);

        assertThat(settings().path("refresh_interval").asText()).isEqualTo("7s");
        assertThat(settings().path("number_of_replicas").asText()).isEqualTo("1");
        assertThat(engine.get("/" + index + "/_mapping")
                        .at("/" + index + "/mappings/_meta")
                        .toString())
                .isEqualTo("{\"owner\":\"us\"}");
    }

    private String create(String settings, String mappings) {
        return initializer
                .createIfMissing(index, object(settings), object(mappings))
                .block(PATIENCE);
    }

    private JsonNode settings() {
        return engine.get("/" + index + "/_settings").at("/" + index + "/settings/index");
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Trees.json(json);
    }
}
