package io.pgsync.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.tree.TreeNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Finds the objects to which rules of {@code transform} apply. */
final class JsonObjects {
    private JsonObjects() {}

    /** {@code value} is the content of a child: an object, a list of objects and nulls, or null. */
    static void each(JsonNode value, Consumer<ObjectNode> action) {
        if (value instanceof ObjectNode object) {
            action.accept(object);
        } else if (value.isArray()) {
            value.forEach(element -> each(element, action));
        }
    }

    /** The children that are visible: the last of several with the same label, and none of a scalar. */
    static Collection<TreeNode> shownChildren(TreeNode node) {
        Map<String, TreeNode> byLabel = new LinkedHashMap<>();
        if (node.variant() == Variant.OBJECT) {
            node.children().forEach(child -> byLabel.put(child.label(), child));
        }
        return byLabel.values();
    }
}
