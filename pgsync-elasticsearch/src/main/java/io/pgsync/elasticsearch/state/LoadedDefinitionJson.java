package io.pgsync.elasticsearch.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.checkpoint.LoadedDefinition.NodeFacts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The form of a {@link LoadedDefinition} in a state. */
final class LoadedDefinitionJson {
    /** Must be raised if the parts get another meaning: a definition of another form counts as unknown. */
    private static final int FORM = 1;

    private LoadedDefinitionJson() {}

    static ObjectNode write(LoadedDefinition definition) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("form", FORM);
        json.set("document", definition.document());
        json.put("mapping", definition.mapping());
        ObjectNode nodes = json.putObject("nodes");
        definition.nodes().forEach((pointer, facts) -> {
            ObjectNode node = nodes.putObject(pointer);
            ObjectNode fields = node.putObject("fields");
            facts.fields().forEach(fields::put);
            write(node.putArray("key"), facts.key());
            write(node.putArray("links"), facts.links());
        });
        return json;
    }

    private static void write(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    static Optional<LoadedDefinition> read(JsonNode json) {
        return json.path("form").asInt() == FORM
                ? Optional.of(new LoadedDefinition(
                        json.path("document"),
                        json.path("mapping").asText(),
                        json.path("nodes")
                                .propertyStream()
                                .collect(Collectors.toMap(Map.Entry::getKey, node -> facts(node.getValue())))))
                : Optional.empty();
    }

    private static NodeFacts facts(JsonNode node) {
        Map<String, String> fields = node.path("fields")
                .propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, field -> field.getValue().asText()));
        return new NodeFacts(fields, texts(node.path("key")), texts(node.path("links")));
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
