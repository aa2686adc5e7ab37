package io.pgsync.elasticsearch;

import static io.pgsync.elasticsearch.Changes.batch;
import static io.pgsync.elasticsearch.Changes.delete;
import static io.pgsync.elasticsearch.Changes.upsert;
import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.change.Lsn;
import io.pgsync.core.change.SourceIdentity;
import io.pgsync.core.checkpoint.BackfillProgress;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.checkpoint.StateConflictException;
import io.pgsync.core.checkpoint.SyncState;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import io.pgsync.elasticsearch.bulk.Sinks;
import io.pgsync.elasticsearch.examination.EngineExamination;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.elasticsearch.lookup.IndexScan;
import io.pgsync.elasticsearch.state.ElasticsearchStateStore;
import io.pgsync.embedded.elasticsearch.EmbeddedOpenSearch;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** In short, whatever the other tests run on: the areas in which OpenSearch answers otherwise. The profile engines runs all on it. */
class OpenSearchIT {
    private static final int SEVERAL_PAGES_OF_A_SHARD = 7_000;

    private static EmbeddedOpenSearch server;
    private static Engine engine;

    @BeforeAll
    static void start() {
        server = EmbeddedOpenSearch.builder().start();
        engine = Engine.at(server);
    }

    @AfterAll
    static void stop() {
        engine.close();
        server.close();
    }

    @Test
    void documentsAreWrittenByOneGenerationAndAllFound() {
        String index = engine.createIndex(3);
        DocumentSink older = Sinks.takeOver(engine, index, 1);
        older.write(batch(index, 1, upserts())).block(PATIENCE);
        older.write(batch(index, 2, delete("0"), delete("never there"))).block(PATIENCE);
        Sinks.takeOver(engine, index, 2);

        assertThatThrownBy(() -> older.write(batch(index, 3, upsert("1", "{}"))).block(PATIENCE))
                .isInstanceOf(StateConflictException.class);
        var scan = new IndexScan(engine.connection());
        scan.refresh(index).block(PATIENCE);
        assertThat(scan.versions(index).count().block(PATIENCE)).isEqualTo(SEVERAL_PAGES_OF_A_SHARD - 1);
        assertThat(engine.document(index, "1").path("_version").asLong()).isEqualTo(1);
    }

    private static DocumentChange[] upserts() {
        return IntStream.range(0, SEVERAL_PAGES_OF_A_SHARD)
                .mapToObj(id -> upsert(Integer.toString(id), "{\"title\":\"Dune\"}"))
                .toArray(DocumentChange[]::new);
    }

    @Test
    void aStateIsReplacedByComparison() {
        var store = new ElasticsearchStateStore(engine.connection());
        var first = new SyncState(
                engine.freshIndex(),
                "uuid",
                new SourceIdentity("7212345678901234567", 3, "shop", "pgsync_shop"),
                4,
                "fingerprint",
                BackfillProgress.DONE,
                Lsn.parse("16/B374D848"),
                List.of());
        assertThat(store.load(first.index()).block(PATIENCE)).isEmpty();

        var stored = store.create(first).block(PATIENCE);
        store.replace(stored, first.withGeneration(5)).block(PATIENCE);

        assertThatThrownBy(() -> store.replace(stored, first.withGeneration(6)).block(PATIENCE))
                .isInstanceOf(StateConflictException.class);
        assertThat(store.load(first.index())
                        .block(PATIENCE)
                        .orElseThrow()
                        .state()
                        .generation())
                .isEqualTo(5);
        store.delete(first.index()).block(PATIENCE);
        assertThat(store.load(first.index()).block(PATIENCE)).isEmpty();
    }

    /**
     * The long key is left out without a note. A malformed one would be left out by OpenSearch 2, and refused by
     * OpenSearch 3; an index that ignores them is refused before one comes.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {\"type\":\"keyword\",\"ignore_above\":9} | \"longer than 9\"",
                "{\"index.mapping.ignore_malformed\":true} | {\"type\":\"byte\",\"ignore_malformed\":false} | 9"
            })
    void anIndexThatLeavesKeysOutIsNotFollowed(String settings, String field, String key) {
        DocumentTree tree = Trees.reviewed(engine.freshIndex(), Trees.type("int8"));
        engine.send("PUT", "/" + tree.index(), """
                {"settings": %s, "mappings": {"properties": {"_meta": {"properties": {"review": {"properties": {"id": %s}}}}}}}""".formatted(settings, field));
        engine.send("PUT", "/" + tree.index() + "/_doc/1", "{\"_meta\":{\"review\":{\"id\":[" + key + "]}}}");

        assertThatThrownBy(() -> new ElasticsearchOwnership(engine.connection(), BulkSettings.DEFAULT)
                        .takeOver(tree, 1)
                        .block(PATIENCE))
                .isInstanceOf(DivergenceException.class)
                .hasMessageContaining("_meta.review.id");
    }

    @Test
    void anExaminationKnowsItByNameAndByItsTypes() {
        ObjectNode mappings = JsonNodeFactory.instance.objectNode();
        mappings.putObject("properties").putObject("tags").put("type", "flattened");
        var plan = new PlannedIndex(
                engine.freshIndex(), JsonNodeFactory.instance.objectNode(), mappings, List.of(), List.of());

        List<Finding> findings = new EngineExamination(engine.connection())
                .examine(List.of(plan))
                .block(PATIENCE);

        assertThat(findings).anyMatch(found -> found.message().startsWith("OpenSearch "));
        assertThat(findings).contains(Finding.fine("rights", "not restricted"));
        assertThat(findings)
                .filteredOn(found -> found.severity() == Severity.PROBLEM)
                .singleElement()
                .satisfies(found -> assertThat(found.remedy()).contains("flat_object for flattened"));
    }
}
