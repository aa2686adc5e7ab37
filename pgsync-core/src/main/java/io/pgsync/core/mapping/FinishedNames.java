package io.pgsync.core.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.schema.TreeNode;

/** The names of fields after {@code rename}. */
final class FinishedNames {
    private FinishedNames() {}

    static String of(TreeNode node, String name) {
        JsonNode target = node.transform().path("rename").path(name);
        return target.isValueNode() && !target.isNull() ? target.asText() : name;
    }
}
