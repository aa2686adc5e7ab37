package io.pgsync.cli.torture;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.cli.torture.Table.Traits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A schema.json and its tables, the same for the same seed: depth up to 4, up to 10 nodes, tables in several roles. */
final class RandomTree {
    private static final int MOST_NODES = 10;
    private static final int MOST_LEVELS = 4;

    private final Random random;
    private final List<Table> tables = new ArrayList<>();
    private final List<Joint> joints = new ArrayList<>();
    private final List<Through> throughs = new ArrayList<>();
    private final Node root;
    private final String replicaIdentity;
    private int nodes = 1;

    /** A child and what it hangs by; the schema file names the columns once all links of the tables are known. */
    private record Joint(Table parent, Node child, Link link, boolean childRefers) {}

    /** {@code turned}: between rows of one table, from the second link to the first. */
    private record Through(Table above, Table table, Node child, boolean turned) {}

    private RandomTree(Random random) {
        this.random = random;
        this.root = Node.of(newTable());
        columns(root);
        condition(root);
        grow(root, 2);
        joints.forEach(this::nameColumns);
        throughs.forEach(RandomTree::nameColumns);
        this.replicaIdentity = chance(60) ? "keep" : chance(50) ? "full" : "index";
    }

    static RandomTree of(long seed) {
        return new RandomTree(new Random(seed));
    }

    /** In an order in which most links find rows to refer to. */
    List<Table> tables() {
        return tables;
    }

    Node root() {
        return root;
    }

    /** As {@code bootstrap --replica-identity} takes it. */
    String replicaIdentity() {
        return replicaIdentity;
    }

    JsonNode schema(String database, String index) {
        var schema = Node.JSON.createArrayNode();
        schema.addObject().put("database", database).put("index", index).set("nodes", root.toJson());
        return schema;
    }

    /** Tables first, then the constraints between them. */
    List<String> definitions() {
        var constraints =
                tables.stream().flatMap(table -> table.links().stream()).flatMap(link -> link.constraint().stream());
        return Stream.concat(tables.stream().flatMap(table -> table.create().stream()), constraints)
                .toList();
    }

    @Override
    public String toString() {
        return "%d nodes on %d tables, depth %d, identity %s"
                .formatted(root.size(), tables.size(), root.depth(), replicaIdentity);
    }

    private void grow(Node parent, int level) {
        var children = level == 2 ? 2 + random.nextInt(3) : random.nextInt(3);
        for (int i = 0; i < children && nodes < MOST_NODES; i++) {
            nodes++;
            var child = hang(parent);
            child.written().put("label", "child" + nodes);
            parent.children().add(child);
            var list = child.relationship().path("type").asText().equals("one_to_many");
            var leaf = level == MOST_LEVELS || chance(35);
            shape(child, list, leaf);
            if (!leaf) {
                grow(child, level + 1);
            }
        }
    }

    private Node hang(Node parent) {
        var above = parent.table();
        var kind = random.nextInt(100);
        if (kind < 25) {
            return hangThrough(above);
        }
        var child = Node.of(chance(35) ? tables.get(random.nextInt(tables.size())) : newTable());
        var childRefers = chance(60);
        var from = childRefers ? child.table() : above;
        var to = childRefers ? above : child.table();
        var link = kind < 45 ? from.undeclaredLink(to) : declared(from, to);
        joints.add(new Joint(above, child, link, childRefers));
        child.relationship().put("type", chance(childRefers ? 85 : 20) ? "one_to_many" : "one_to_one");
        return child;
    }

    private Link declared(Table from, Table to) {
        var existing = from.links().stream()
                .filter(link -> link.declared() && link.to() == to)
                .findFirst();
        return existing.isPresent() && chance(40) ? existing.get() : from.declareLink(to, chance(35));
    }

    private Node hangThrough(Table above) {
        var below = chance(25) ? above : chance(25) ? tables.get(random.nextInt(tables.size())) : newTable();
        var through = throughTable(above, below);
        tables.add(through);
        var child = Node.of(below);
        child.relationship().put("type", chance(90) ? "one_to_many" : "one_to_one");
        child.relationship().putArray("through_tables").add(through.name());
        throughs.add(new Through(above, through, child, chance(50)));
        return child;
    }

    private Table throughTable(Table above, Table below) {
        var byLinks = above.key().size() + below.key().size() == 2 && chance(50);
        var key = byLinks ? List.of(linkColumn(0, above), linkColumn(1, below)) : key();
        var through = new Table("t" + tables.size(), key, new Traits(chance(20), chance(35), false, byLinks));
        through.declareLink(above, chance(50));
        through.declareLink(below, chance(50));
        return through;
    }

    private static Column linkColumn(int number, Table target) {
        return new Column(
                "to" + number + "_" + target.address().name(), target.address().type());
    }

    private Table newTable() {
        var table = new Table("t" + tables.size(), key(), new Traits(chance(20), chance(35), chance(25), false));
        tables.add(table);
        return table;
    }

    private List<Column> key() {
        if (chance(25)) {
            return List.of(new Column(Table.TENANT, KeyType.INTEGER), new Column("id", KeyType.INTEGER));
        }
        var types = KeyType.values();
        return List.of(new Column("id", types[chance(50) ? 0 : random.nextInt(types.length)]));
    }

    private void shape(Node node, boolean list, boolean leaf) {
        var scalar = leaf && chance(35);
        node.relationship().put("variant", scalar ? "scalar" : "object");
        if (scalar) {
            node.setColumns(List.of(chance(50) ? "name" : "v"));
        } else {
            columns(node);
        }
        condition(node);
        if (list && chance(20)) {
            node.written().putArray("sort").add(chance(50) ? "v" : "v desc");
        }
        if (list && chance(15)) {
            node.written().put("limit", 1 + random.nextInt(4));
        }
    }

    private void columns(Node node) {
        if (chance(75)) {
            var columns = new ArrayList<>(List.of("name", "v"));
            if (node.table().traits().hasBody()) {
                columns.add("body");
            }
            node.setColumns(columns);
        }
    }

    private void condition(Node node) {
        if (chance(20)) {
            node.written().put("where", chance(50) ? "v % 4 <> 1" : "v IS NULL OR v > 2");
        }
    }

    /** Where the constraints leave a choice, and sometimes where they do not. */
    private void nameColumns(Joint joint) {
        var link = joint.link();
        var below = joint.child().table();
        var meantByDefault = joint.parent() != below || joint.childRefers();
        if (!link.declared() || constraints(joint.parent(), below) > 1 || !meantByDefault || chance(20)) {
            joint.child()
                    .setForeignKey(
                            joint.childRefers() ? link.toColumns() : link.columns(),
                            joint.childRefers() ? link.columns() : link.toColumns());
        }
    }

    private static void nameColumns(Through through) {
        var links = through.table().links();
        var below = through.child().table();
        var ambiguous = constraints(through.above(), through.table()) > 1 || constraints(below, through.table()) > 1;
        if (ambiguous) {
            var turned = through.above() == below && through.turned();
            through.child()
                    .setForeignKey(
                            links.get(turned ? 1 : 0).columns(),
                            links.get(turned ? 0 : 1).columns());
        }
    }

    private static long constraints(Table one, Table other) {
        return Stream.concat(one.links().stream(), other.links().stream())
                .distinct()
                .filter(link -> link.declared() && link.connects(one, other))
                .count();
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }
}
