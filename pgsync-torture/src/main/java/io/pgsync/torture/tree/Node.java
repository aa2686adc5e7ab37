package io.pgsync.torture.tree;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pgsync.torture.tree.Table.Uniqueness;
import java.util.ArrayList;
import java.util.List;

/** A node of the random tree; {@code written} is its object of schema.json, without its children. */
public record Node(Table table, ObjectNode written, List<Node> children) {
    public static final JsonMapper JSON = JsonMapper.builder().build();

    static Node of(Table table) {
        var written = JSON.createObjectNode().put("table", table.name());
        if (table.traits().uniqueness() == Uniqueness.UNIQUE) {
            written.set("primary_key", texts(table.keyNames()));
        }
        return new Node(table, written, new ArrayList<>());
    }

    ObjectNode relationship() {
        return written.withObjectProperty("relationship");
    }

    void setForeignKey(List<String> parent, List<String> child) {
        var foreignKey = relationship().putObject("foreign_key");
        foreignKey.set("parent", texts(parent));
        foreignKey.set("child", texts(child));
    }

    void setColumns(List<String> columns) {
        written.set("columns", texts(columns));
    }

    void setSort(List<String> order) {
        written.set("sort", texts(order));
    }

    void move(String column, String destination) {
        written.putObject("transform").putObject("move").put("column", column).put("destination", destination);
    }

    private static ArrayNode texts(List<String> texts) {
        var array = JSON.createArrayNode();
        texts.forEach(array::add);
        return array;
    }

    int size() {
        return 1 + children.stream().mapToInt(Node::size).sum();
    }

    int depth() {
        return 1 + children.stream().mapToInt(Node::depth).max().orElse(0);
    }

    ObjectNode toJson() {
        var json = written.deepCopy();
        if (!children.isEmpty()) {
            var below = json.putArray("children");
            children.forEach(child -> below.add(child.toJson()));
        }
        return json;
    }
}
