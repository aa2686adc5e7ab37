package io.pgsync.core.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A value of the schema file together with its place. A value of the wrong kind is noted as a problem and treated as if
 * it were not given, so that reading continues to the next problem.
 */
record SchemaValue(String pointer, JsonNode json, Problems problems) {
    boolean given() {
        return !json.isMissingNode() && !json.isNull();
    }

    void reject(String message) {
        problems.add(pointer, message);
    }

    SchemaValue at(String key) {
        return new SchemaValue(pointer + "/" + key.replace("~", "~0").replace("/", "~1"), json.path(key), problems);
    }

    Optional<String> text() {
        if (!given()) {
            return Optional.empty();
        }
        if (!json.isTextual() || json.textValue().isEmpty()) {
            reject("must be a string, not %s".formatted(described()));
            return Optional.empty();
        }
        return Optional.of(json.textValue());
    }

    List<SchemaValue> elements() {
        if (!given()) {
            return List.of();
        }
        if (!json.isArray()) {
            reject("must be an array, not %s".formatted(described()));
            return List.of();
        }
        var elements = new ArrayList<SchemaValue>(json.size());
        for (int i = 0; i < json.size(); i++) {
            elements.add(new SchemaValue(pointer + "/" + i, json.get(i), problems));
        }
        return elements;
    }

    List<String> texts() {
        return elements().stream()
                .map(SchemaValue::requiredText)
                .flatMap(Optional::stream)
                .toList();
    }

    private Optional<String> requiredText() {
        if (!given()) {
            reject("must be a string, not %s".formatted(described()));
        }
        return text();
    }

    /** A list of strings, or one string that stands for a list of one. */
    List<String> textOrTexts() {
        return json.isTextual() ? text().map(List::of).orElse(List.of()) : texts();
    }

    /** The value if it is an object; a missing node otherwise. */
    JsonNode object() {
        if (given() && !json.isObject()) {
            reject("must be an object, not %s".formatted(described()));
        }
        return json.isObject() ? json : MissingNode.getInstance();
    }

    /** The entries of an object in the order of the file; empty if it is not an object. */
    List<SchemaValue> entries() {
        return object().properties().stream()
                .map(Map.Entry::getKey)
                .map(this::at)
                .toList();
    }

    /** The key of this value in its object. */
    String key() {
        return pointer.substring(pointer.lastIndexOf('/') + 1)
                .replace("~1", "/")
                .replace("~0", "~");
    }

    void allowOnly(Collection<String> allowed, String what) {
        for (SchemaValue entry : entries()) {
            if (!allowed.contains(entry.key())) {
                entry.reject("%s \"%s\" is unknown; %s"
                        .formatted(
                                what,
                                entry.key(),
                                NearestName.of(entry.key(), allowed).orElse("remove it")));
            }
        }
    }

    /** The value in a form that is short enough for a message. */
    String described() {
        if (!given()) {
            return "null";
        }
        String text = json.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
