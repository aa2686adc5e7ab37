package io.pgsync.cli.refused;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.refusal.Refusal;
import io.pgsync.runtime.report.RefusedOfIndex;
import io.pgsync.runtime.report.RetryOutcome;
import java.util.List;

/** Refused documents for programs. */
public final class RefusedJson {
    private RefusedJson() {}

    /** An array of indexes with their documents; those without a record are only counted. */
    public static ArrayNode list(List<RefusedOfIndex> found) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        found.forEach(index -> {
            ObjectNode each = json.addObject()
                    .put("index", index.index())
                    .put("refused", index.count())
                    .put("unrecorded", index.unrecorded().size());
            ArrayNode documents = each.putArray("documents");
            index.recorded().forEach(record -> add(record, documents.addObject()));
        });
        return json;
    }

    private static void add(Refusal record, ObjectNode json) {
        json.put("id", record.id());
        json.put("type", record.type());
        record.path().ifPresent(path -> json.put("path", path));
        json.put("status", record.status());
        json.put("reason", record.reason());
        json.put("since", record.since().toString());
        json.put("last", record.last().toString());
        json.put("times", record.times());
    }

    /** An array of indexes with the ids that are still refused. */
    public static ArrayNode retried(List<RetryOutcome> outcomes) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        outcomes.forEach(outcome -> {
            ObjectNode each = json.addObject()
                    .put("index", outcome.index())
                    .put("tried", outcome.left().isPresent() ? 0 : outcome.tried())
                    .put("stopped", outcome.stopped());
            outcome.left().ifPresent(why -> each.put("left_because", why));
            outcome.refused().forEach(each.putArray("refused")::add);
        });
        return json;
    }

    /** The number of removed records. */
    public static ObjectNode forgotten(long records) {
        return JsonNodeFactory.instance.objectNode().put("forgotten", records);
    }
}
