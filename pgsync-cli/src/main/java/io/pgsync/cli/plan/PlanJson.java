package io.pgsync.cli.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.runtime.report.DocumentPlan;
import io.pgsync.runtime.report.DocumentPlan.Load;
import io.pgsync.runtime.report.Plan;
import io.pgsync.runtime.report.PlannedChange;
import java.util.List;
import java.util.Locale;

/** A plan for programs: sizes in bytes, times in seconds. Unknown values are left out. */
public final class PlanJson {
    private PlanJson() {}

    public static ObjectNode of(Plan plan) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("measure", lower(plan.measure()));
        ArrayNode documents = json.putArray("documents");
        plan.documents().forEach(document -> documents.add(of(document)));
        add(json.putArray("commands"), plan.commands());
        return json;
    }

    private static ObjectNode of(DocumentPlan document) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("index", document.index());
        json.put("measure", lower(document.measure()));
        json.put("compared_with", lower(document.basis()));
        document.size().ifPresent(size -> {
            json.put("documents", size.documents());
            json.put("bytes", size.bytes());
        });
        ArrayNode changes = json.putArray("changes");
        document.changes().forEach(change -> changes.add(of(change)));
        document.load().ifPresent(load -> json.set("load", of(load)));
        add(json.putArray("notes"), document.notes());
        return json;
    }

    private static ObjectNode of(PlannedChange change) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("pointer", change.pointer())
                .put("measure", lower(change.measure()))
                .put("what", change.what())
                .put("reason", change.reason())
                .put("by_hand", change.byHand());
    }

    private static ObjectNode of(Load load) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("roots", load.roots())
                .put("total", load.total())
                .put("by_command", load.byCommand());
        load.where().ifPresent(condition -> json.put("where", condition));
        load.time().ifPresent(time -> json.put("seconds", time.toMillis() / 1e3));
        return json;
    }

    private static void add(ArrayNode array, List<String> texts) {
        texts.forEach(array::add);
    }

    private static String lower(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT);
    }
}
