package io.pgsync.runtime.plan;

import io.pgsync.core.checkpoint.LoadedDefinition.NodeFacts;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.runtime.source.LoadedDefinitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Compares what the catalog says of a node with what it said when the index was loaded. */
final class FactComparison {
    /** Types whose values look the same in a document. */
    private static final List<Set<String>> SAME_LOOK =
            List.of(Set.of("smallint", "integer", "bigint"), Set.of("text", "character varying"));

    private final Reach reach;
    private final TreeNode node;
    private final String pointer;
    private final NodeFacts now;
    private final List<Difference> differences = new ArrayList<>();

    FactComparison(Reach reach, TreeNode node, String pointer) {
        this.reach = reach;
        this.node = node;
        this.pointer = pointer;
        this.now = LoadedDefinitions.factsOf(node);
    }

    /**
     * {@code named}: whether the file names columns, so that others do not count; {@code linked}: whether the file
     * joins the node otherwise, so that the columns of the join do not count.
     */
    List<Difference> between(NodeFacts then, boolean named, boolean linked) {
        if (!named) {
            compareFields(then);
        }
        compareTypes(then);
        compareKeys(then);
        if (!linked && !then.links().equals(now.links())) {
            add(
                    "/relationship",
                    "joined by %s, before by %s".formatted(now.links(), then.links()),
                    "the constraints of the tables are others",
                    reach.above(node));
        }
        return differences;
    }

    private void compareFields(NodeFacts then) {
        String added =
                NodeComparison.quoted(now.fields().keySet(), then.fields().keySet());
        String gone = NodeComparison.quoted(then.fields().keySet(), now.fields().keySet());
        if (!added.isEmpty()) {
            add("", "the table has got " + added, "the node shows all columns", reach.of(node));
        }
        if (!gone.isEmpty()) {
            add("", "the table has " + gone + " no more", "the node shows all columns", reach.of(node));
        }
    }

    private void compareTypes(NodeFacts then) {
        for (String column : new TreeSet<>(then.fields().keySet())) {
            String before = then.fields().getOrDefault(column, "");
            String after = now.fields().getOrDefault(column, before);
            if (!looksTheSame(before, after)) {
                add(
                        "/columns",
                        "\"%s\" is %s, before %s".formatted(column, after, before),
                        "values of another type look otherwise",
                        reach.of(node));
            }
        }
    }

    private static boolean looksTheSame(String before, String after) {
        return before.equals(after)
                || SAME_LOOK.stream()
                        .anyMatch(family -> family.contains(plain(before)) && family.contains(plain(after)));
    }

    /** Without the greatest length. */
    private static String plain(String type) {
        return type.replaceFirst("\\(.*", "");
    }

    private void compareKeys(NodeFacts then) {
        if (columns(then).equals(columns(now))) {
            return;
        }
        String what = "key: (%s), before (%s)".formatted(String.join(", ", now.key()), String.join(", ", then.key()));
        if (node.join().isEmpty()) {
            differences.add(Difference.reindex(pointer, what, "the ids of the documents are made of it"));
        } else {
            add("", what, "documents list the keys of their rows", reach.of(node));
        }
    }

    private static List<String> columns(NodeFacts facts) {
        return facts.key().stream().map(FactComparison::widest).toList();
    }

    /** A key of a wider type has the same text. */
    private static String widest(String column) {
        return column.replaceFirst(" (smallint|integer|bigint)$", " number")
                .replaceFirst(" (text|character varying.*)$", " text");
    }

    private void add(String place, String what, String reason, Affected affected) {
        differences.add(Difference.load(pointer + place, what, reason, affected));
    }
}
