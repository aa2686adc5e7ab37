package io.pgsync.torture.tree;

import io.pgsync.torture.tree.Table.Body;
import io.pgsync.torture.world.Condition;
import java.util.ArrayList;
import java.util.List;

/** What a node of a random tree shows of its rows, and of which of them, in which order, and where. */
record RandomShape(Dice dice) {
    private static final List<List<String>> ORDERS =
            List.of(List.of("v"), List.of("v desc"), List.of("name", "v desc"), List.of("code desc", "v"));

    void shapeRoot(Node root) {
        columns(root, true);
        move(root);
        condition(root);
    }

    /** {@code list}: it may have several rows; {@code leaf}: it has no children. */
    void shape(Node node, boolean list, boolean leaf) {
        var scalar = leaf && dice.chance(35);
        node.relationship().put("variant", scalar ? "scalar" : "object");
        if (scalar) {
            node.setColumns(List.of(dice.chance(50) ? "name" : "v"));
        } else {
            columns(node, false);
            move(node);
        }
        condition(node);
        if (list && dice.chance(20)) {
            node.setSort(dice.any(ORDERS));
        }
        if (list && dice.chance(15)) {
            node.written().put("limit", 1 + dice.below(4));
        }
    }

    /** Wide rows are for the root alone: a document must not grow by all that hang below it. */
    private void columns(Node node, boolean root) {
        var body = node.table().traits().body();
        var hides = body == Body.WIDE && !root;
        if (dice.chance(75) || hides) {
            var columns = new ArrayList<>(List.of("name", "v"));
            if (body != Body.NONE && !hides) {
                columns.add("body");
            }
            node.setColumns(columns);
        }
    }

    private void move(Node node) {
        if (dice.given(Condition.MOVED_FIELDS, 40)) {
            var label = node.written().path("label").asText("root");
            node.move(dice.chance(50) ? "name" : "v", dice.chance(50) ? "place.of." + label : "$root.out_of." + label);
        }
    }

    private void condition(Node node) {
        var raising = dice.given(Condition.RAISING_CONDITIONS, 40);
        if (dice.chance(20) || raising) {
            var usual = dice.chance(50) ? "v % 4 <> 1" : "v IS NULL OR v > 2";
            node.written().put("where", raising ? Raising.CONDITION : usual);
        }
    }
}
