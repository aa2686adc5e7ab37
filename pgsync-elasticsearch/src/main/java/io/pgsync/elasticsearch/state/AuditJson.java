package io.pgsync.elasticsearch.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.audit.AuditProgress;
import io.pgsync.core.audit.AuditProgress.Place;
import io.pgsync.core.audit.AuditProgress.Round;
import io.pgsync.core.change.Lsn;
import java.time.Instant;
import java.util.Optional;

/** The form of the progress of an audit. */
final class AuditJson {
    private static final String LAST_KEY = "last_key";

    private AuditJson() {}

    static ObjectNode write(AuditProgress progress) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("index_uuid", progress.indexUuid());
        json.put("schema_fingerprint", progress.fingerprint());
        json.set("place", write(progress.place()));
        json.put("position", progress.position().toString());
        json.set("round", write(progress.round()));
        progress.last().ifPresent(round -> json.set("last_round", write(round)));
        return json;
    }

    private static ObjectNode write(Place place) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        place.lastKey().ifPresent(key -> key.forEach(json.putArray(LAST_KEY)::add));
        return json.put("is_behind_roots", place.isBehindRoots())
                .put("next_write", place.nextWrite())
                .put("last_write", place.lastWrite());
    }

    private static ObjectNode write(Round round) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("began", round.began().toString())
                .put("at", round.at().toString())
                .put("compared", round.compared())
                .put("differing", round.differing())
                .put("repaired", round.repaired())
                .put("undecided", round.undecided());
    }

    static AuditProgress read(JsonNode json) {
        return new AuditProgress(
                json.required("index_uuid").asText(),
                json.required("schema_fingerprint").asText(),
                readPlace(json.required("place")),
                Lsn.parse(json.required("position").asText()),
                readRound(json.required("round")),
                Optional.ofNullable(json.get("last_round")).map(AuditJson::readRound));
    }

    private static Place readPlace(JsonNode json) {
        return new Place(
                Optional.ofNullable(json.get(LAST_KEY))
                        .map(key -> key.valueStream().map(JsonNode::asText).toList()),
                json.required("is_behind_roots").asBoolean(),
                json.required("next_write").asLong(),
                json.required("last_write").asLong());
    }

    private static Round readRound(JsonNode json) {
        return new Round(
                Instant.parse(json.required("began").asText()),
                Instant.parse(json.required("at").asText()),
                json.required("compared").asLong(),
                json.required("differing").asLong(),
                json.required("repaired").asLong(),
                json.required("undecided").asLong());
    }
}
