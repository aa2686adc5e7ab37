package io.pgsync.cli.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.runtime.report.PlannedChange.Measure;
import java.util.function.Consumer;

/** What somebody changes in the schema file of the book shop, and the gravest measure that it takes. */
enum PlanEdit {
    NEW_COLUMN(Measure.LOAD, entry -> columns(root(entry)).add("publisher_id")),
    REMOVED_COLUMN(Measure.LOAD, entry -> columns(root(entry)).remove(2)),
    COLUMN_OF_A_CHILD(Measure.LOAD, entry -> columns(child(entry, 1)).add("id")),
    RENAMED_COLUMN(
            Measure.LOAD, entry -> root(entry).withObject("/transform/rename").put("price", "costs")),
    RENAMED_LABEL(Measure.LOAD, entry -> child(entry, 2).put("label", "opinions")),
    NEW_CHILD(Measure.LOAD, entry -> {
        ObjectNode link = entry.objectNode().put("table", "book_author");
        link.putObject("relationship").put("type", "one_to_many").put("variant", "object");
        children(entry).add(link);
    }),
    REMOVED_CHILD(Measure.LOAD, entry -> children(entry).remove(0)),
    CONDITION(Measure.LOAD, entry -> root(entry).put("where", "price < 15")),
    CONDITION_OF_A_CHILD(Measure.LOAD, entry -> child(entry, 2).put("where", "stars > 3")),
    SORT_OF_A_CHILD(
            Measure.LOAD,
            entry -> child(entry, 2).putArray("sort").add("stars desc").add("id")),
    LONGER_KEYWORDS(Measure.LOAD, entry -> keyword(entry).put("ignore_above", 12)),
    SUBFIELD(Measure.LOAD, entry -> {
        ObjectNode fields = title(entry).putObject("fields");
        fields.putObject("keyword").put("type", "keyword").put("ignore_above", 256);
        fields.putObject("brief").put("type", "keyword").put("ignore_above", 15);
    }),
    TYPE(Measure.REINDEX, entry -> title(entry).put("type", "keyword")),
    VARIANT(Measure.REINDEX, entry -> {
        columns(child(entry, 1)).remove(1);
        child(entry, 1).withObject("/relationship").put("variant", "scalar");
    }),
    ANALYZER(Measure.REINDEX, entry -> {
        ObjectNode plain = entry.withObject("/setting/analysis/analyzer/plain");
        plain.put("type", "standard").put("max_token_length", 3);
        plain.putArray("stopwords").add("salt").add("road");
        title(entry).put("analyzer", "plain");
    }),
    SHARDS(Measure.REINDEX, entry -> entry.withObject("/setting").put("number_of_shards", 2)),
    ROUTING(Measure.REINDEX, entry -> entry.put("routing", "id")),
    SEARCH_ANALYZER(Measure.IN_PLACE, entry -> {
        keyword(entry);
        title(entry).put("search_analyzer", "simple");
    }),
    REFRESH_INTERVAL(Measure.IN_PLACE, entry -> entry.putObject("setting").put("refresh_interval", "7s")),
    ANOTHER_ORDER(Measure.NOTHING, entry -> {
        children(entry).add(children(entry).remove(0));
        root(entry).set("columns", root(entry).remove("columns"));
    });

    private final Measure measure;
    private final Consumer<ObjectNode> change;

    PlanEdit(Measure measure, Consumer<ObjectNode> change) {
        this.measure = measure;
        this.change = change;
    }

    Measure measure() {
        return measure;
    }

    void make(ArrayNode schema) {
        change.accept((ObjectNode) schema.get(0));
    }

    private static ObjectNode root(ObjectNode entry) {
        return (ObjectNode) entry.path("nodes");
    }

    private static ArrayNode children(ObjectNode entry) {
        return root(entry).withArrayProperty("children");
    }

    private static ObjectNode child(ObjectNode entry, int number) {
        return (ObjectNode) children(entry).get(number);
    }

    private static ArrayNode columns(ObjectNode node) {
        return node.withArrayProperty("columns");
    }

    private static ObjectNode title(ObjectNode entry) {
        ObjectNode title = entry.withObjectProperty("mapping").withObjectProperty("title");
        return title.has("type") ? title : title.put("type", "text");
    }

    private static ObjectNode keyword(ObjectNode entry) {
        return title(entry)
                .withObjectProperty("fields")
                .withObjectProperty("keyword")
                .put("type", "keyword")
                .put("ignore_above", 256);
    }
}
