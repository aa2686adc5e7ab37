package io.pgsync.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.core.schema.Cardinality;
import io.pgsync.core.schema.Variant;
import io.pgsync.core.transform.Transform.Move;
import io.pgsync.core.tree.TreeNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * {@code move}, which PGSync names but never implemented: takes a field of the node's object, by its finished name, and
 * puts it at the path {@code destination}. The path begins at the same object or, after {@code $root.}, at the top of
 * the document. Objects on the path are created if they are missing or null; a value at its end is overwritten.
 *
 * <p>If the elements of a list are moved to {@code $root}, the values arrive as a list, in order. A move does nothing
 * if the object does not have its field (for example after a rename), or if the path meets something other than an
 * object. A scalar has nothing to move.
 */
record Moving(List<Rule> rules, Map<String, Moving> children) implements Consumer<ObjectNode> {
    static Moving of(TreeNode root, Renaming renaming) {
        return of(root, renaming, false);
    }

    private static Moving of(TreeNode node, Renaming renaming, boolean inList) {
        if (node.variant() == Variant.SCALAR) {
            return new Moving(List.of(), Map.of());
        }
        Map<String, Moving> children = new HashMap<>();
        for (TreeNode child : JsonObjects.shownChildren(node)) {
            boolean childInList = inList || child.cardinality() == Cardinality.ONE_TO_MANY;
            Moving ofChild = of(child, renaming.below(child), childInList);
            if (!ofChild.isEmpty()) {
                children.put(renaming.nameOf(child.label()), ofChild);
            }
        }
        List<Rule> rules = node.transform().moves().stream()
                .map(move -> new Rule(move, move.fromRoot() && inList))
                .toList();
        return new Moving(rules, children);
    }

    boolean isEmpty() {
        return rules.isEmpty() && children.isEmpty();
    }

    @Override
    public void accept(ObjectNode document) {
        move(document, document, new HashMap<>());
    }

    /** {@code lists}: the lists that moves from list elements have begun in this document. */
    private void move(ObjectNode object, ObjectNode document, Map<Rule, ArrayNode> lists) {
        children.forEach(
                (name, child) -> JsonObjects.each(object.path(name), element -> child.move(element, document, lists)));
        rules.forEach(rule -> rule.apply(object, document, lists));
    }

    /** {@code gathers}: several elements may have the field. */
    record Rule(Move move, boolean gathers) {
        void apply(ObjectNode object, ObjectNode document, Map<Rule, ArrayNode> lists) {
            ObjectNode start = move.fromRoot() ? document : object;
            if (!object.has(move.field()) || !isOpen(start)) {
                return;
            }
            JsonNode value = object.remove(move.field());
            if (gathers) {
                lists.computeIfAbsent(this, rule -> {
                            ArrayNode list = document.arrayNode();
                            place(start, list);
                            return list;
                        })
                        .add(value);
            } else {
                place(start, value);
            }
        }

        /** The path to the object that gets the field. */
        private List<String> way() {
            return move.path().subList(0, move.path().size() - 1);
        }

        private boolean isOpen(ObjectNode start) {
            JsonNode place = start;
            for (String step : way()) {
                place = place.path(step);
                if (!place.isObject() && !place.isNull() && !place.isMissingNode()) {
                    return false;
                }
            }
            return true;
        }

        private void place(ObjectNode start, JsonNode value) {
            ObjectNode place = start;
            for (String step : way()) {
                place = place.get(step) instanceof ObjectNode next ? next : place.putObject(step);
            }
            place.set(move.path().get(move.path().size() - 1), value);
        }
    }
}
