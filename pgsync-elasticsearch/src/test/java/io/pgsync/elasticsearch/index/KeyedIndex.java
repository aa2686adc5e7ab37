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
import java.util.Optional;

/** An index that others made, for documents that are found by the keys of their rows. */
final class KeyedIndex {
    private final Engine engine;
    private final String index;
    private final DocumentTree tree;

    KeyedIndex(Engine engine) {
        this.engine = engine;
        this.index = engine.freshIndex();
        this.tree = Trees.books(index, "id");
    }

    /** Why its documents must be loaded again; empty if they need not. */
    Optional<String> reasonToLoad() {
        return new KeyFields(engine.connection()).reasonToLoad(tree).block(Engine.PATIENCE);
    }

    void mapKeys() {
        new KeyFields(engine.connection()).add(tree).block(Engine.PATIENCE);
    }

    /** {@code body}: settings and mappings. */
    void make(String body) {
        engine.send("PUT", "/" + index, body);
    }

    Severity examined() {
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

    /** Whoever claims the index is told why not, until its documents are loaded again. */
    void assertThatItIsFollowedOnlyAfterALoad(String key) {
        assertThatThrownBy(this::claim)
                .isInstanceOfSatisfying(DivergenceException.class, KeyedIndex::isUnsearchable)
                .hasMessageContaining("could not be found by _meta.book.id");
        assertThat(reasonToLoad())
                .hasValueSatisfying(reason -> assertThat(reason).contains("_meta.book.id"));
        assertThat(examined()).isEqualTo(Severity.WARNING);

        mapKeys();
        write(claim(), key);
        assertThat(found(key)).containsExactly(key);
    }

    static void isUnsearchable(DivergenceException found) {
        assertThat(found.divergences()).extracting(Divergence::kind).containsExactly(Kind.UNSEARCHABLE);
    }

    void create(String mappings) {
        make("{\"mappings\":" + mappings + "}");
    }

    DocumentSink claim() {
        return new ElasticsearchOwnership(engine.connection(), BulkSettings.DEFAULT)
                .takeOver(tree, 1)
                .block(Engine.PATIENCE);
    }

    void document(String key) {
        engine.send("POST", "/" + index + "/_doc/" + key.length(), meta(key));
    }

    private static String meta(String key) {
        return "{\"_meta\":{\"book\":{\"id\":[\"" + key + "\"]}}}";
    }

    void write(DocumentSink sink, String key) {
        assertThat(sink.write(batch(index, 1L << 44, upsert(key, meta(key))))
                        .block(Engine.PATIENCE)
                        .refused())
                .isEmpty();
    }

    List<String> found(String key) {
        var lookup = new MetaKeyLookup(engine.connection());
        lookup.refresh(tree).block(Engine.PATIENCE);
        return lookup.rootsContaining(tree, "book", List.of("id"), List.of(List.of(key)))
                .map(RootKey::key)
                .map(parts -> parts.get(0))
                .collectList()
                .block(Engine.PATIENCE);
    }
}
