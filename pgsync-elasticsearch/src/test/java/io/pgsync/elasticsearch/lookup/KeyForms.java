package io.pgsync.elasticsearch.lookup;

import static io.pgsync.elasticsearch.Changes.upsert;
import static io.pgsync.elasticsearch.Engine.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.checkpoint.DivergenceException;
import io.pgsync.core.document.DocumentChange;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.core.sink.DocumentSink;
import io.pgsync.core.sink.WriteBatch;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.elasticsearch.BulkSettings;
import io.pgsync.elasticsearch.Engine;
import io.pgsync.elasticsearch.Trees;
import io.pgsync.elasticsearch.bulk.ElasticsearchOwnership;
import io.pgsync.elasticsearch.bulk.Sinks;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An index whose keys are mapped in some form, and what is found in it by all values of a column's type. */
final class KeyForms {
    /** As they stand in {@code _meta}. */
    private static final Map<String, List<String>> VALUES = Map.of(
            "text",
            List.of(
                    "\"abc\"",
                    "\"ABC\"",
                    "\"\"",
                    "\"  x\"",
                    "\"a.b\"",
                    "\"true\"",
                    "\"1\"",
                    "\"1.5\"",
                    "\"2020-01-01\"",
                    "\"1.1.1.1\"",
                    "\"" + "k".repeat(256) + "\"",
                    "\"" + "€".repeat(256) + "\"",
                    "\"" + MetaKeys.searchable("k".repeat(257)) + "\""),
            "int8",
            List.of("1", "-5", "9007199254740993", "9223372036854775807"),
            "numeric",
            List.of("1", "1.0", "1.5", "-0.5", "0.0000001", "99999999999999999999", "\"NaN\""),
            "float8",
            List.of("1", "1.5", "-2.5e-07", "1.5e+16", "1e-300", "\"NaN\"", "\"Infinity\""),
            "bool",
            List.of("true", "false"));

    private static final String LEAF = "{'properties':{'_meta':{'properties':{'review':{'properties':{'id':%s}}}}}}";

    private final Engine engine;
    private final String index;

    KeyForms(Engine engine) {
        this.engine = engine;
        this.index = engine.freshIndex();
    }

    /** What the index takes from a column of that type is found where we believe the mapping. */
    void assertThatAllAreFound(String column, String form, String settings) {
        DocumentTree tree = create(column, form, settings);
        DocumentSink sink = new ElasticsearchOwnership(engine.connection(), BulkSettings.DEFAULT)
                .takeOver(tree, 1)
                .block(PATIENCE);

        Map<String, String> stored = store(sink, VALUES.get(column));

        assertThat(found(tree, stored)).isEqualTo(stored);
    }

    /** The index is not taken over, and rightly so. */
    void assertThatSomeAreLost(String column, String form, String settings) {
        DocumentTree tree = create(column, form, settings);

        assertThatThrownBy(() -> new ElasticsearchOwnership(engine.connection(), BulkSettings.DEFAULT)
                        .takeOver(tree, 1)
                        .block(PATIENCE))
                .isInstanceOf(DivergenceException.class);

        Map<String, String> stored = store(Sinks.takeOver(engine, index, 2), VALUES.get(column));
        assertThat(found(tree, stored)).isNotEqualTo(stored);
    }

    private DocumentTree create(String column, String form, String settings) {
        String mappings =
                (form.startsWith("{'type'") ? LEAF.formatted(form) : form).replace("META", "'properties':{'_meta':");
        String given = settings.isEmpty() ? "" : "," + settings;
        engine.send(
                "PUT",
                "/" + index,
                "{'settings':{'number_of_replicas':0%s},'mappings':%s}"
                        .formatted(given, mappings)
                        .replace('\'', '"'));
        return Trees.reviewed(index, Trees.type(column));
    }

    /** Those that the engine took, by the ids of their documents. */
    private Map<String, String> store(DocumentSink sink, List<String> values) {
        var keys = new TreeMap<String, String>();
        var changes = new ArrayList<DocumentChange>();
        for (String value : values) {
            String id = "book" + changes.size();
            changes.add(upsert(id, "{\"_meta\":{\"review\":{\"id\":[" + value + "]}}}"));
            keys.put(id, text(value));
        }
        sink.write(new WriteBatch(index, 1L << 44, changes))
                .block(PATIENCE)
                .refused()
                .forEach(refused -> keys.remove(refused.change().root().key().get(0)));
        assertThat(keys).isNotEmpty();
        return keys;
    }

    private Map<String, String> found(DocumentTree tree, Map<String, String> keys) {
        var lookup = new MetaKeyLookup(engine.connection());
        lookup.refresh(tree).block(PATIENCE);
        var found = new TreeMap<>(keys);
        found.entrySet()
                .removeIf(key -> !lookup.rootsContaining(
                                tree, "review", List.of("id"), List.of(List.of(key.getValue())))
                        .any(root -> root.key().equals(List.of(key.getKey())))
                        .block(PATIENCE));
        return found;
    }

    private static String text(String json) {
        return json.replace("\"", "");
    }
}
