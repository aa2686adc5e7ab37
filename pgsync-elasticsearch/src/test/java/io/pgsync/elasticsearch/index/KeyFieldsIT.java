package io.pgsync.elasticsearch.index;

import static io.pgsync.elasticsearch.Changes.batch;
import static io.pgsync.elasticsearch.Changes.upsert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pgsync.core.affected.RootKey;
import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import io.pgsync.core.failure.Finding;
import io.pgsync.core.failure.Finding.Severity;
import io.pgsync.core.mapping.IndexMappings;
import io.pgsync.core.mapping.KeyColumn;
import io.pgsync.core.mapping.MappingMode;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.Trees;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import io.pgsync.elasticsearch.examination.EngineExamination;
import io.pgsync.elasticsearch.examination.PlannedIndex;
import io.pgsync.elasticsearch.lookup.MetaKeyLookup;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Indexes that others made: what {@code _meta} holds must be found in them, or nothing be written. */
class KeyFieldsIT {
    private static final String SHORT = "{\"properties\":{\"_meta\":{\"properties\":{\"book\":{\"properties\":{\"id\":"
            + "{\"type\":\"text\",\"fields\":{\"keyword\":{\"type\":\"keyword\",\"ignore_above\":256}}}}}}}}}";

    private static Engine engine;

    private final String index = engine.freshIndex();
    private final DocumentTree tree = Trees.books(index, "id");

    @BeforeAll
    static void start() {
        engine = Engine.shared();
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"dynamic\":false}",
                "{\"dynamic\":\"strict\",\"properties\":{\"_meta\":{\"type\":\"object\"}}}",
                "{\"dynamic\":\"runtime\"}",
                "{\"properties\":{\"_meta\":{\"type\":\"flattened\"}}}",
                SHORT
            })
    void anEmptyIndexIsMadeToFindEveryKey(String mappings) {
        create(mappings);
        String key = "k".repeat(300);

        write(claim(), key);

        assertThat(found(key)).containsExactly(key);
    }

    @Test
    void anIndexWhoseDocumentsAreUnseenIsNotFollowedAndLoadedAgain() {
        create("{\"dynamic\":false}");
        engine.send("POST", "/" + index + "/_doc/1?refresh=true", "{\"_meta\":{\"book\":{\"id\":[\"1\"]}}}");
        var keys = new KeyFields(engine.connection());

        assertThatThrownBy(this::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyFieldsIT::isUnsearchable)
                .hasMessageContaining("could not be found by _meta.book.id");
        assertThat(keys.reasonToLoad(tree).block(Engine.PATIENCE)).isPresent();
        assertThat(examined()).isEqualTo(Severity.WARNING);

        keys.add(tree).block(Engine.PATIENCE);
        write(claim(), "1");
        assertThat(found("1")).containsExactly("1");
    }

    /** The engine does not note which values a flattened field leaves out. */
    @Test
    void anIndexThatMayHaveLeftKeysOutUnnotedIsNotFollowedAndLoadedAgain() {
        engine.send("PUT", "/" + index, """
                {"settings": {"index.mapping.ignore_above": 9},
                 "mappings": {"properties": {"_meta": {"type": "flattened"}}}}""");
        document("longer than 9");
        var keys = new KeyFields(engine.connection());

        assertThatThrownBy(this::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyFieldsIT::isUnsearchable)
                .hasMessageContaining("could not be found by _meta.book.id");
        assertThat(keys.reasonToLoad(tree).block(Engine.PATIENCE)).isPresent();
        assertThat(examined()).isEqualTo(Severity.WARNING);

        keys.add(tree).block(Engine.PATIENCE);
        write(claim(), "longer than 9");
        assertThat(found("longer than 9")).containsExactly("longer than 9");
    }

    @Test
    void aKeyThatWasLeftOutByASettingOfTheIndexIsNoticed() {
        engine.send("PUT", "/" + index, """
                {"settings": {"index.mapping.ignore_above": 9},
                 "mappings": {"properties": {"_meta": {"properties": {"book": {"properties": {"id": {"type": "keyword"}}}}}}}}""");
        var keys = new KeyFields(engine.connection());
        document("short");
        assertThat(keys.reasonToLoad(tree).block(Engine.PATIENCE)).isEmpty();

        document("longer than 9");

        assertThat(keys.reasonToLoad(tree).block(Engine.PATIENCE)).isPresent();
        assertThat(examined()).isEqualTo(Severity.WARNING);
    }

    @Test
    void aKeyThatWasLeftOutForItsLengthIsNoticed() {
        create(SHORT);
        var keys = new KeyFields(engine.connection());
        document("short");
        assertThat(keys.reasonToLoad(tree).block(Engine.PATIENCE)).isEmpty();

        document("k".repeat(300));

        assertThat(keys.reasonToLoad(tree).block(Engine.PATIENCE))
                .hasValueSatisfying(reason -> assertThat(reason).contains("_meta.book.id"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"properties\":{\"_meta\":{\"type\":\"object\",\"enabled\":false}}}",
                "{\"properties\":{\"_meta\":{\"type\":\"nested\"}}}",
                "{\"properties\":{\"_meta\":{\"type\":\"flattened\",\"index\":false}}}"
            })
    void anIndexThatCannotBeChangedIsRefused(String mappings) {
        create(mappings);

        assertThatThrownBy(this::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyFieldsIT::isUnsearchable)
                .hasMessageContaining("does not index _meta.book.id");
        assertThat(examined()).isEqualTo(Severity.PROBLEM);
    }

    private Severity examined() {
        var plan = new PlannedIndex(
                index,
                JsonNodeFactory.instance.objectNode(),
                IndexMappings.of(tree, MappingMode.DYNAMIC),
                KeyColumn.of(tree),
                List.of());
        return new EngineExamination(engine.connection())
                .examine(List.of(plan)).block(Engine.PATIENCE).stream()
                        .filter(finding -> finding.subject().equals("keys of " + index))
                        .map(Finding::severity)
                        .findFirst()
                        .orElseThrow();
    }

    private static void isUnsearchable(DivergenceException found) {
        assertThat(found.divergences()).extracting(Divergence::kind).containsExactly(Kind.UNSEARCHABLE);
    }

    private void create(String mappings) {
        engine.send("PUT", "/" + index, "{\"mappings\":" + mappings + "}");
    }

    private DocumentSink claim() {
        return new ElasticsearchOwnership(engine.connection(), BulkSettings.DEFAULT)
                .takeOver(tree, 1)
                .block(Engine.PATIENCE);
    }

    private void document(String key) {
        engine.send("POST", "/" + index + "/_doc/" + key.length(), meta(key));
    }

    private static String meta(String key) {
        return "{\"_meta\":{\"book\":{\"id\":[\"" + key + "\"]}}}";
    }

    private void write(DocumentSink sink, String key) {
        assertThat(sink.write(batch(index, 1L << 44, upsert(key, meta(key))))
                        .block(Engine.PATIENCE)
                        .refused())
                .isEmpty();
    }

    private List<String> found(String key) {
        var lookup = new MetaKeyLookup(engine.connection());
        lookup.refresh(tree).block(Engine.PATIENCE);
        return lookup.rootsContaining(tree, "book", List.of("id"), List.of(List.of(key)))
                .map(RootKey::key)
                .map(parts -> parts.get(0))
                .collectList()
                .block(Engine.PATIENCE);
    }
}
