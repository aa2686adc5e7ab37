package io.pgsync.elasticsearch.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.refusal.Refusal;
import io.pgsync.core.refusal.RetryOrder;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The forms of records of refused documents, and of orders to try these again. */
final class RefusalJson {
    private static final String REFUSALS = "refusals";
    private static final String ALL = "all";
    private static final String IDS = "ids";

    private RefusalJson() {}

    static ObjectNode write(List<Refusal> refusals) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode array = json.putArray(REFUSALS);
        refusals.forEach(refusal -> write(refusal, array.addObject()));
        return json;
    }

    private static void write(Refusal refusal, ObjectNode json) {
        json.put("id", refusal.id());
        json.put("status", refusal.status());
        json.put("type", refusal.type());
        json.put("reason", refusal.reason());
        refusal.path().ifPresent(path -> json.put("path", path));
        json.put("since", refusal.since().toString());
        json.put("last", refusal.last().toString());
        json.put("times", refusal.times());
    }

    static List<Refusal> readRefusals(JsonNode json) {
        return elements(json.path(REFUSALS)).map(RefusalJson::readRefusal).toList();
    }

    private static Refusal readRefusal(JsonNode json) {
        return new Refusal(
                json.required("id").asText(),
                json.required("status").asInt(),
                json.required("type").asText(),
                json.required("reason").asText(),
                Optional.ofNullable(json.get("path")).map(JsonNode::asText),
                Instant.parse(json.required("since").asText()),
                Instant.parse(json.required("last").asText()),
                json.required("times").asLong());
    }

    static ObjectNode write(RetryOrder order) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put(ALL, order.all());
        order.ids().forEach(json.putArray(IDS)::add);
        return json;
    }

    static RetryOrder readOrder(JsonNode json) {
        return new RetryOrder(
                json.path(ALL).asBoolean(),
                elements(json.path(IDS)).map(JsonNode::asText).toList());
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
