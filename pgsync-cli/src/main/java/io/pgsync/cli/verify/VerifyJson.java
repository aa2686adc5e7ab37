package io.pgsync.cli.verify;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.runtime.report.Difference;
import io.pgsync.runtime.report.VerifiedIndex;
import io.pgsync.runtime.report.VerifiedIndex.Counts;
import java.util.List;
import java.util.Locale;

/** What was found, for programs. */
public final class VerifyJson {
    private VerifyJson() {}

    public static ObjectNode of(List<VerifiedIndex> indexes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode array = json.putArray("indexes");
        indexes.forEach(index -> array.add(of(index)));
        return json;
    }

    private static ObjectNode of(VerifiedIndex found) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("index", found.index());
        json.put("position", found.position().toString());
        json.put("seconds", found.seconds());
        json.put("complete", found.isComplete());
        found.failure().ifPresent(failure -> json.put("failure", String.valueOf(failure.getMessage())));
        found.presenceOnly().ifPresent(why -> json.put("only_ids_because", why));
        json.put("looked_for_extra", found.searchesExtra());
        put(json, found.counts());
        ArrayNode differences = json.putArray("differences");
        found.differences().forEach(difference -> differences.add(of(difference)));
        return json;
    }

    private static void put(ObjectNode json, Counts counts) {
        json.put("compared", counts.compared());
        json.put("differing", counts.differing());
        json.put("missing", counts.missing());
        json.put("different", counts.different());
        json.put("extra", counts.extra());
        json.put("refused", counts.refused());
        json.put("undecided", counts.undecided());
        json.put("repaired", counts.repaired());
    }

    private static ObjectNode of(Difference difference) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("id", difference.id());
        json.put("kind", difference.kind().name().toLowerCase(Locale.ROOT));
        if (!difference.paths().isEmpty()) {
            difference.paths().forEach(json.putArray("paths")::add);
        }
        return json;
    }
}
