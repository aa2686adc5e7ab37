package io.pgsync.core.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.tree.TreeNode;

/** Collects the {@code transform.mapping} of a tree: by finished names, those of a child under its label. */
final class NodeMappings {
    private NodeMappings() {}

    /** An object mapping; empty if there are none. */
    static ObjectNode of(TreeNode node) {
        ObjectNode properties = JsonNodeFactory.instance.objectNode();
        for (TreeNode child : node.children()) {
            JsonNode ofChild = child.variant() == Variant.SCALAR ? ofScalar(child) : of(child);
            if (!ofChild.isEmpty()) {
                properties.set(node.transform().finishedName(child.label()), ofChild);
            }
        }
        Merging.overlay(
                properties,
                JsonNodeFactory.instance.objectNode().setAll(node.transform().mapping()));
        ObjectNode mapping = JsonNodeFactory.instance.objectNode();
        return properties.isEmpty() ? mapping : mapping.set("properties", properties);
    }

    /** A scalar's values have no field names; they get the mapping of the shown column. */
    private static JsonNode ofScalar(TreeNode scalar) {
        return scalar.transform().mapping().getOrDefault(scalar.fields().get(0).name(), MissingNode.getInstance());
    }
}
