package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.checkpoint.LoadedDefinition.NodeFacts;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.replication.query.RootCondition;
import io.pgsync.runtime.source.LoadedDefinitions;
import io.pgsync.runtime.source.NodeForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Compares what a node says of itself, attribute by attribute, and what the catalog says of it. */
final class NodeComparison {
    private static final String COLUMNS = "columns";

    private final Reach reach;
    private final TreeNode node;
    private final String pointer;
    private final List<Difference> differences = new ArrayList<>();

    /** {@code pointer}: of the node in the schema file. */
    NodeComparison(Reach reach, TreeNode node, String pointer) {
        this.reach = reach;
        this.node = node;
        this.pointer = pointer;
    }

    /** {@code facts}: of the catalog, when the index was loaded. */
    List<Difference> between(JsonNode then, JsonNode now, Optional<NodeFacts> facts) {
        ObjectNode before = NodeForm.attributes(then);
        ObjectNode after = NodeForm.attributes(now);
        Set<String> names = names(before, after);
        names.remove("label");
        for (String name : names) {
            if (!before.path(name).equals(after.path(name))) {
                compare(name, before, after, facts);
            }
        }
        facts.ifPresent(known -> differences.addAll(new FactComparison(reach, node, pointer)
                .between(known, before.has(COLUMNS) || after.has(COLUMNS), changesLink(before, after))));
        return differences;
    }

    private static boolean changesLink(ObjectNode before, ObjectNode after) {
        return !before.path("relationship").equals(after.path("relationship"))
                || !before.path("table").equals(after.path("table"))
                || !before.path("schema").equals(after.path("schema"));
    }

    private static Set<String> names(JsonNode one, JsonNode other) {
        var names = new TreeSet<String>();
        one.fieldNames().forEachRemaining(names::add);
        other.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void compare(String name, ObjectNode before, ObjectNode after, Optional<NodeFacts> facts) {
        JsonNode then = before.path(name);
        JsonNode now = after.path(name);
        switch (name) {
            case COLUMNS -> compareColumns(then, now, facts);
            case "where" -> compareConditions(then, now);
            case "relationship", "transform" -> compareParts(name, then, now);
            case "primary_key" -> comparePrimaryKeys(then, now);
            case "table", "schema" -> add(name, then, now, "its rows come from another table", ofWhole());
            case "base_tables" ->
                add(name, then, now, "changes of the others did not reach the documents", Affected.ALL);
            default -> add(name, then, now, "documents with its rows show others, or in another order", ofRows());
        }
    }

    private void compareColumns(JsonNode then, JsonNode now, Optional<NodeFacts> facts) {
        Set<String> before = shown(then, facts);
        Set<String> after = shown(now, Optional.of(LoadedDefinitions.factsOf(node)));
        String added = quoted(after, before);
        String removed = quoted(before, after);
        String what = added.isEmpty() ? "" : "shows " + added;
        if (!removed.isEmpty()) {
            what += (what.isEmpty() ? "" : ", ") + "shows " + removed + " no more";
        }
        if (what.isEmpty()) {
            add(COLUMNS, then, now, "a scalar shows the first column, and what is named is compared", ofRows());
        } else {
            add(COLUMNS, what, "the values are in the documents", ofRows());
        }
    }

    private static Set<String> shown(JsonNode columns, Optional<NodeFacts> facts) {
        return columns.isEmpty()
                ? facts.map(known -> known.fields().keySet()).orElse(Set.of())
                : StreamSupport.stream(columns.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.toSet());
    }

    static String quoted(Set<String> names, Set<String> without) {
        return names.stream()
                .filter(name -> !without.contains(name))
                .sorted()
                .map(name -> "\"" + name + "\"")
                .collect(Collectors.joining(", "));
    }

    private void compareConditions(JsonNode then, JsonNode now) {
        String differing = RootCondition.differing(condition(then), condition(now));
        Affected affected = node.join().isEmpty() && !reach.hasMoves()
                ? Affected.joiningOrLeaving(differing)
                : reach.of(node, Optional.of(differing));
        String reason = node.join().isEmpty() ? "rows become documents, or are none any more" : "it shows other rows";
        add("where", then, now, reason, affected);
    }

    private static String condition(JsonNode where) {
        return where.isMissingNode() ? "true" : where.asText() + "\n";
    }

    private void comparePrimaryKeys(JsonNode then, JsonNode now) {
        if (node.join().isEmpty()) {
            differences.add(Difference.reindex(
                    pointer + "/primary_key",
                    change("primary_key", then, now),
                    "the ids of the documents are made of it"));
        } else {
            add("primary_key", then, now, "documents list the keys of their rows", ofRows());
        }
    }

    private void compareParts(String name, JsonNode then, JsonNode now) {
        for (String part : names(then, now)) {
            if (!then.path(part).equals(now.path(part))) {
                comparePart(name + "/" + part, part, then.path(part), now.path(part));
            }
        }
    }

    private void comparePart(String place, String part, JsonNode then, JsonNode now) {
        switch (part) {
            case "foreign_key", "through_tables" -> add(place, then, now, "other rows belong to it", ofWhole());
            case "move" -> add(place, then, now, "a field may stand elsewhere in every document", Affected.ALL);
            default -> add(place, then, now, "the documents with its rows look otherwise", ofRows());
        }
    }

    private Affected ofRows() {
        return reach.of(node);
    }

    /** The node as a whole gives other values, or none. */
    private Affected ofWhole() {
        return node.join().isEmpty() ? Affected.ALL : reach.above(node);
    }

    private void add(String place, JsonNode then, JsonNode now, String reason, Affected affected) {
        add(place, change(place.substring(place.indexOf('/') + 1), then, now), reason, affected);
    }

    private void add(String place, String what, String reason, Affected affected) {
        differences.add(Difference.load(pointer + "/" + place, what, reason, affected));
    }

    private static String change(String name, JsonNode then, JsonNode now) {
        return "%s: %s -> %s".formatted(name, text(then), text(now));
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() ? "none" : value.isTextual() ? value.asText() : value.toString();
    }
}
