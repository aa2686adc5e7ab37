package io.pgsync.runtime.plan;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.checkpoint.LoadedDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.TreeNode;
import io.pgsync.runtime.source.LoadedDefinitions;
import io.pgsync.runtime.source.NodeForm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares the definition with which an index was loaded with that of the schema file, node by node. Mappings and
 * settings are not in it: they are compared with those of the index.
 */
final class DefinitionComparison {
    private static final String NODES = "/nodes";
    private static final String CHILDREN = "/children";
    private static final String EVERY_DOCUMENT = "every document has the field, if only as null";

    private final LoadedDefinition then;
    private final JsonNode now;
    private final DocumentTree tree;
    private final String pointer;
    private final Map<String, TreeNode> byPointer = new HashMap<>();
    private final List<Difference> differences = new ArrayList<>();
    private final Reach reach;

    private DefinitionComparison(LoadedDefinition then, JsonNode file, DocumentTree tree) {
        this.then = then;
        this.tree = tree;
        this.pointer = LoadedDefinitions.documentOf(tree);
        this.now = file.at(pointer);
        tree.root().nodes().forEach(node -> byPointer.put(node.pointer(), node));
        boolean hasMoves = NodeForm.hasMoves(then.document().path("nodes")) || NodeForm.hasMoves(now.path("nodes"));
        this.reach = new Reach(tree, hasMoves);
    }

    /** In the order of the file. */
    static List<Difference> between(LoadedDefinition then, JsonNode file, DocumentTree tree) {
        var comparison = new DefinitionComparison(then, file, tree);
        comparison.compareDocument();
        comparison.compare(
                new Place(then.document().path("nodes"), NODES),
                new Place(comparison.now.path("nodes"), comparison.pointer + NODES));
        return List.copyOf(comparison.differences);
    }

    /** A node, and its pointer in its own file. */
    private record Place(JsonNode node, String pointer) {
        List<Place> children() {
            var children = new ArrayList<Place>();
            NodeForm.children(node)
                    .forEach(child -> children.add(new Place(child, pointer + CHILDREN + "/" + children.size())));
            return children;
        }

        String label() {
            return NodeForm.label(node);
        }
    }

    private void compareDocument() {
        differs("routing", LoadedDefinitions.routing(then), tree.routing())
                .ifPresent(what -> all("/routing", what, "documents get another routing"));
        differs("pipeline", LoadedDefinitions.pipeline(then), tree.pipeline())
                .ifPresent(what -> all("/pipeline", what, "every document passes it"));
        List<String> plugins = LoadedDefinitions.plugins(then);
        if (!plugins.equals(tree.plugins())) {
            all("/plugins", "plugins: %s -> %s".formatted(plugins, tree.plugins()), "every document passes them");
        }
    }

    private static Optional<String> differs(String name, Optional<String> then, Optional<String> now) {
        return then.equals(now)
                ? Optional.empty()
                : Optional.of("%s: %s -> %s".formatted(name, then.orElse("none"), now.orElse("none")));
    }

    private void all(String place, String what, String reason) {
        differences.add(Difference.load(pointer + place, what, reason, Affected.ALL));
    }

    private void compare(Place old, Place found) {
        TreeNode node = nodeAt(found);
        differences.addAll(new NodeComparison(reach, node, found.pointer())
                .between(
                        old.node(),
                        found.node(),
                        Optional.ofNullable(then.nodes().get(old.pointer()))));
        compareChildren(old, found, node);
    }

    private TreeNode nodeAt(Place place) {
        return Optional.ofNullable(byPointer.get(place.pointer())).orElseThrow();
    }

    private void compareChildren(Place old, Place found, TreeNode parent) {
        var before = new ArrayList<>(old.children());
        for (Place child : found.children()) {
            Optional<Place> same = take(before, other -> other.label().equals(child.label()));
            if (same.isPresent()) {
                compare(same.get(), child);
            } else {
                added(child, take(before, other -> isRenamed(other, child, found)), parent);
            }
        }
        for (Place gone : before) {
            add(
                    found.pointer() + CHILDREN,
                    "\"%s\" is gone".formatted(gone.label()),
                    "no document has the field any more",
                    parent);
        }
        reordered(old, found);
    }

    private interface Test {
        boolean passes(Place place);
    }

    private static Optional<Place> take(List<Place> places, Test test) {
        Optional<Place> found = places.stream().filter(test::passes).findFirst();
        found.ifPresent(places::remove);
        return found;
    }

    /** {@code parent} has no other child of the old label, so the two may be the same node. */
    private static boolean isRenamed(Place old, Place now, Place parent) {
        boolean stays =
                parent.children().stream().anyMatch(child -> child.label().equals(old.label()));
        return !stays && withoutLabel(old).equals(withoutLabel(now));
    }

    private static JsonNode withoutLabel(Place place) {
        // The form of a root has no label.
        return NodeForm.of(place.node());
    }

    private void added(Place child, Optional<Place> renamed, TreeNode parent) {
        String what = renamed.map(old -> "\"%s\" is called \"%s\" now".formatted(old.label(), child.label()))
                .orElse("\"%s\" is new".formatted(child.label()));
        add(child.pointer(), what, EVERY_DOCUMENT, parent);
    }

    private void add(String place, String what, String reason, TreeNode parent) {
        differences.add(Difference.load(place, what, reason, reach.of(parent)));
    }

    /** Only where fields move to other places may the order of nodes decide which value stays. */
    private void reordered(Place old, Place found) {
        List<String> before = labels(old);
        List<String> after = labels(found);
        if (reach.hasMoves()
                && !before.equals(after)
                && List.copyOf(sorted(before)).equals(sorted(after))) {
            all(
                    found.pointer().substring(pointer.length()) + CHILDREN,
                    "the nodes have another order",
                    "a field that is moved may replace another one");
        }
    }

    private static List<String> labels(Place place) {
        return place.children().stream().map(Place::label).toList();
    }

    private static List<String> sorted(List<String> labels) {
        return labels.stream().sorted().toList();
    }
}
