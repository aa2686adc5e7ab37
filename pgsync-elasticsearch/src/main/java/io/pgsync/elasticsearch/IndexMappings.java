package io.pgsync.elasticsearch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.DocumentTree;
import io.pgsync.core.schema.TreeNode;
import java.util.Optional;
import java.util.Set;

/**
 * Merges the mappings of an index out of all places that speak of them, the later one winning where two name a field: what the columns'
 * types suggest, {@code transform.mapping} of the nodes, {@code mappings}, {@code mapping}.
 */
public final class IndexMappings {
    private static final String PROPERTIES = "properties";
    private static final String TEMPLATES = "dynamic_templates";
    private static final Set<String> OBJECT_TYPES = Set.of("", "object", "nested");

    private IndexMappings() {}

    /**
     * A new mappings body. With {@code derived}, the properties for the columns' types, {@code _meta} is mapped too; without it, the
     * engine is left to guess all that the user does not name.
     */
    public static ObjectNode of(DocumentTree tree, Optional<ObjectNode> derived) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        derived.ifPresent(properties -> {
            mergeProperties(body.withObjectProperty(PROPERTIES), properties);
            mapMeta(body);
        });
        ObjectNode ofNodes = propertiesOf(tree.root());
        if (!ofNodes.isEmpty()) {
            mergeProperties(body.withObjectProperty(PROPERTIES), ofNodes);
        }
        mergeBody(body, tree.indexDefinition().mappings());
        JsonNode mapping = tree.indexDefinition().mapping();
        if (mapping.has(TEMPLATES)) {
            mergeBody(body, mapping);
        } else if (mapping.isObject() && !mapping.isEmpty()) {
            mergeProperties(body.withObjectProperty(PROPERTIES), mapping);
        }
        if (tree.routing().isPresent()) {
            body.putObject("_routing").put("required", true);
        }
        return body;
    }

    /** Dynamic even where the user forbids new fields; every key as a keyword, whatever the first value looks like. */
    private static void mapMeta(ObjectNode body) {
        body.withObjectProperty(PROPERTIES)
                .putObject("_meta")
                .put("type", "object")
                .put("dynamic", true);
        body.withArrayProperty(TEMPLATES)
                .addObject()
                .putObject("pgsync_meta")
                .put("path_match", "_meta.*.*")
                .putObject("mapping")
                .put("type", "keyword");
    }

    private static ObjectNode propertiesOf(TreeNode node) {
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        for (TreeNode child : node.children()) {
            ObjectNode ofChild = propertiesOf(child);
            if (!ofChild.isEmpty()) {
                properties.putObject(child.label()).set(PROPERTIES, ofChild);
            }
        }
        mergeProperties(properties, node.transform().path("mapping"));
        return properties;
    }

    private static void mergeBody(ObjectNode body, JsonNode other) {
        other.properties().forEach(part -> {
            if (part.getKey().equals(PROPERTIES)) {
                mergeProperties(body.withObjectProperty(PROPERTIES), part.getValue());
            } else if (part.getKey().equals(TEMPLATES)) {
                // The first template that matches wins, so ours for _meta stays in front.
                part.getValue().forEach(body.withArrayProperty(TEMPLATES)::add);
            } else {
                body.set(part.getKey(), part.getValue());
            }
        });
    }

    private static void mergeProperties(ObjectNode into, JsonNode other) {
        other.properties().forEach(field -> {
            JsonNode before = into.path(field.getKey());
            JsonNode now = field.getValue();
            if (before.has(PROPERTIES)
                    && now.isObject()
                    && OBJECT_TYPES.contains(now.path("type").asText())) {
                ObjectNode merged = ((ObjectNode) before).deepCopy();
                mergeProperties(merged.withObjectProperty(PROPERTIES), now.path(PROPERTIES));
                now.properties().stream()
                        .filter(attribute -> !attribute.getKey().equals(PROPERTIES))
                        .forEach(attribute -> merged.set(attribute.getKey(), attribute.getValue()));
                into.set(field.getKey(), merged);
            } else {
                into.set(field.getKey(), now.deepCopy());
            }
        });
    }
}
