package io.pgsync.runtime.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.document.MetaKeys;
import io.pgsync.elasticsearch.lookup.StoredForm;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Removes from a document what its index does not keep, so that only the rest is compared. */
final class KeptFields {
    private final List<Pattern> includes;
    private final List<Pattern> excludes;
    /** Engines differ in whether they keep an object of which nothing is left. */
    private final boolean dropsEmpty;

    KeptFields(StoredForm form) {
        this.includes = form.includes().stream().map(KeptFields::pattern).toList();
        this.excludes = form.excludes().stream().map(KeptFields::pattern).toList();
        this.dropsEmpty = !includes.isEmpty()
                || form.excludes().stream().anyMatch(path -> !path.startsWith("_meta." + MetaKeys.UNLINKED));
    }

    /** The star stands for any characters, dots included. */
    private static Pattern pattern(String path) {
        return Pattern.compile(Pattern.quote(path).replace("*", "\\E.*\\Q"));
    }

    /** Changes {@code document} and gives it. */
    JsonNode of(JsonNode document) {
        if (!includes.isEmpty() || !excludes.isEmpty()) {
            keep(document, "", includes.isEmpty());
        }
        return document;
    }

    /** {@code included}: whether the place as a whole is among the paths that are kept. */
    private void keep(JsonNode value, String path, boolean included) {
        if (value instanceof ObjectNode object) {
            for (Iterator<Map.Entry<String, JsonNode>> fields =
                            object.properties().iterator();
                    fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                if (!keeps(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), included)) {
                    fields.remove();
                }
            }
        } else if (value instanceof ArrayNode array) {
            for (Iterator<JsonNode> elements = array.elements(); elements.hasNext(); ) {
                JsonNode element = elements.next();
                keep(element, path, included);
                if (isLeftEmpty(element) || (!included && element.isValueNode())) {
                    elements.remove();
                }
            }
        }
    }

    private boolean keeps(JsonNode value, String path, boolean parentIncluded) {
        if (matches(excludes, path)) {
            return false;
        }
        boolean included = parentIncluded || matches(includes, path);
        keep(value, path, included);
        return (included || value.isContainerNode()) && !isLeftEmpty(value);
    }

    private boolean isLeftEmpty(JsonNode value) {
        return dropsEmpty && value.isContainerNode() && value.isEmpty();
    }

    private static boolean matches(List<Pattern> patterns, String path) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }
}
