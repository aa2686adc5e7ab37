package io.pgsync.elasticsearch.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.catalog.Definitions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The form of {@link Definitions} in a state. */
final class DefinitionsJson {
    /**
     * Must be raised if the words or marks of definitions change: definitions of another form count as unknown, and are
     * read again.
     */
    private static final int FORM = 2;

    private DefinitionsJson() {}

    static ObjectNode write(Definitions definitions) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("form", FORM);
        json.set("facts", write(definitions.facts()));
        json.set("partitions", write(definitions.partitions()));
        json.set("storage", write(definitions.storage()));
        json.set("memberships", write(definitions.memberships()));
        json.set("attachments", write(definitions.attachments()));
        return json;
    }

    private static ObjectNode write(Map<String, ? extends Collection<String>> lists) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        lists.forEach((name, list) -> {
            ArrayNode array = json.putArray(name);
            list.forEach(array::add);
        });
        return json;
    }

    static Optional<Definitions> read(JsonNode json) {
        return json.path("form").asInt() == FORM
                ? Optional.of(new Definitions(
                        read(json.path("facts"), Set::copyOf),
                        read(json.path("partitions"), Set::copyOf),
                        read(json.path("storage"), Function.identity()),
                        read(json.path("memberships"), Set::copyOf),
                        read(json.path("attachments"), Set::copyOf)))
                : Optional.empty();
    }

    private static <T> Map<String, T> read(JsonNode json, Function<List<String>, T> collection) {
        return json.properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> collection.apply(texts(entry.getValue()))));
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }
}
