package io.pgsync.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.tree.TreeNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** How rules of {@code transform} find what they apply to. */
final class JsonObjects {
    private JsonObjects() {}

    /** What a child shows: an object, a list of objects and nulls, or null. */
    static void each(JsonNode value, Consumer<ObjectNode> action) {
        if (value instanceof ObjectNode object) {
            action.accept(object);
        } else if (value.isArray()) {
            value.forEach(element -> each(element, action));
        }
    }

    /** The children that are seen: of several with one label the last, and none of a scalar. */
    static Collection<TreeNode> shownChildren(TreeNode node) {
        Map<String, TreeNode> byLabel = new LinkedHashMap<>();
        if (node.variant() == Variant.OBJECT) {
            node.children().forEach(child -> byLabel.put(child.label(), child));
        }
        return byLabel.values();
    }
}
