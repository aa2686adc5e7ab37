package io.pgsync.elasticsearch.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.Placement;
import io.pgsync.core.checkpoint.Placement.Phase;
import io.pgsync.core.checkpoint.Placement.Reindex;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The form of a {@link Placement} in the engine. */
final class PlacementJson {
    private PlacementJson() {}

    static ObjectNode write(Placement placement) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", placement.name()).put("serving", placement.index());
        placement.reindex().ifPresent(reindex -> json.set("reindex", write(reindex)));
        ObjectNode definitions = json.putObject("definitions");
        placement.definitions().forEach(definitions::set);
        placement.former().ifPresent(former -> json.set("former", former));
        var obsolete = json.putArray("obsolete");
        placement.obsolete().forEach(obsolete::add);
        return json;
    }

    private static ObjectNode write(Reindex reindex) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("other", reindex.other())
                .put("phase", reindex.phase().name())
                .put("operator", reindex.operator())
                .put("began", reindex.began().toString())
                .put("keep", reindex.keep().toString());
        reindex.replaced().ifPresent(at -> json.put("replaced", at.toString()));
        reindex.trouble().ifPresent(why -> json.put("trouble", why));
        return json;
    }

    static Placement read(JsonNode json) {
        return new Placement(
                json.required("name").asText(),
                json.required("serving").asText(),
                Optional.ofNullable(json.get("reindex")).map(PlacementJson::readReindex),
                json.path("definitions")
                        .propertyStream()
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                Optional.ofNullable(json.get("former")),
                json.path("obsolete").valueStream().map(JsonNode::asText).toList());
    }

    private static Reindex readReindex(JsonNode json) {
        return new Reindex(
                json.required("other").asText(),
                Phase.valueOf(json.required("phase").asText()),
                json.required("operator").asText(),
                Instant.parse(json.required("began").asText()),
                Duration.parse(json.required("keep").asText()),
                Optional.ofNullable(json.get("replaced")).map(at -> Instant.parse(at.asText())),
                Optional.ofNullable(json.get("trouble")).map(JsonNode::asText));
    }
}
