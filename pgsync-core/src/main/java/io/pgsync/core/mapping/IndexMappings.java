package io.pgsync.core.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.core.schema.IndexDefinition;
import io.pgsync.core.tree.DocumentTree;

/**
 * Makes the {@code mappings} body of an index. What the user gave comes first, unchecked: {@code mapping} before
 * {@code mappings} before the {@code transform.mapping} of the nodes, merged field by field. The types of the columns
 * fill the gaps. {@code _meta} is ours: documents are found by it, so it is always mapped.
 */
public final class IndexMappings {
    private IndexMappings() {}

    /** The body with which to create the tree's index; the caller may change it. */
    public static ObjectNode of(DocumentTree tree, MappingMode mode) {
        IndexDefinition given = tree.indexDefinition();
        ObjectNode mappings = NodeMappings.of(tree.root());
        if (!given.mapping().isMissingNode()) {
            UndefinedAnalysis.removeFrom(mappings, given.setting());
        }
        Merging.overlay(mappings, given.mappings());
        Merging.overlay(mappings, bodyOf(given.mapping()));
        ObjectNode own = new ColumnMappings(tree).body();
        if (mode == MappingMode.TYPES) {
            Merging.fill(mappings, own);
        }
        Merging.addKeys(mappings, own);
        if (tree.routing().isPresent() && !mappings.path("_routing").has("required")) {
            mappings.withObjectProperty("_routing").put("required", true);
        }
        if (tree.hidesThroughKeys() && mappings.path("_source").path("excludes").isMissingNode()) {
            mappings.withObjectProperty("_source")
                    .putArray("excludes")
                    .add(ColumnMappings.META + "." + MetaKeys.UNLINKED);
        }
        return mappings;
    }

    /** {@code mapping} holds field properties; if it contains {@code dynamic_templates}, it is a complete body. */
    private static JsonNode bodyOf(JsonNode mapping) {
        return mapping.has("dynamic_templates") || mapping.isMissingNode()
                ? mapping
                : JsonNodeFactory.instance.objectNode().set("properties", mapping.deepCopy());
    }

    /**
     * How many fields a body defines, as {@code index.mapping.total_fields.limit} (1,000 by default) counts them:
     * including objects and sub-fields.
     */
    public static int fieldCount(JsonNode mappings) {
        int count = 0;
        for (String children : new String[] {"properties", "fields"}) {
            for (JsonNode field : mappings.path(children)) {
                count += 1 + fieldCount(field);
            }
        }
        return count;
    }
}
