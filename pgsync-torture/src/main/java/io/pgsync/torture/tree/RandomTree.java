package io.pgsync.torture.tree;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.pgsync.torture.tree.Table.Uniqueness;
import io.pgsync.torture.world.Condition;
import io.pgsync.torture.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** A schema.json and its tables, the same for the same seed: depth up to 4, up to 10 nodes, tables in several roles. */
public final class RandomTree {
    private static final String INDEX = "tree";
    private static final String SECOND_INDEX = "second";
    /** Without it, the first draws of neighbours are nearly the same. */
    private static final long PRIME = 2_654_435_761L;

    private static final int MOST_NODES = 10;
    private static final int MOST_LEVELS = 4;

    private final Dice dice;
    private final RandomTables tables;
    private final RandomShape shape;
    private final List<Joint> joints = new ArrayList<>();
    private final List<Through> throughs = new ArrayList<>();
    private final Node root;
    private final String replicaIdentity;
    private int nodes = 1;

    /** A child and what it hangs by; the schema file names the columns once all links of the tables are known. */
    private record Joint(Table parent, Node child, Link link, boolean childRefers) {}

    /** {@code turned}: between rows of one table, from the second link to the first. */
    private record Through(Table above, Table table, Node child, boolean turned) {}

    private RandomTree(Dice dice) {
        this.dice = dice;
        this.tables = new RandomTables(dice);
        this.shape = new RandomShape(dice);
        this.root = Node.of(tables.add());
        shape.shapeRoot(root);
        grow(root, 2);
        joints.forEach(this::nameColumns);
        throughs.forEach(RandomTree::nameColumns);
        var identity = dice.chance(60) ? "keep" : dice.chance(50) ? "full" : "index";
        this.replicaIdentity = lacksIdentity() ? "full" : identity;
    }

    public static RandomTree of(long seed, World world) {
        return new RandomTree(new Dice(new Random(seed * PRIME), world));
    }

    /** In an order in which most links find rows to refer to. */
    public List<Table> tables() {
        return tables.all();
    }

    public Node root() {
        return root;
    }

    /** As {@code bootstrap --replica-identity} takes it. */
    public String replicaIdentity() {
        return replicaIdentity;
    }

    /** Whether the server would refuse changes of some table if it were published as it is. */
    public boolean lacksIdentity() {
        return tables.all().stream()
                .anyMatch(table ->
                        !table.traits().hasIdentity() && !table.traits().wholeOldRows());
    }

    /** One file each; the first is that of the tree. */
    public List<ArrayNode> schemas(String database, String prefix) {
        var schemas = new ArrayList<ArrayNode>();
        schemas.add(schema(database, prefix + INDEX, root));
        if (dice.world().has(Condition.SECOND_FILE)) {
            var other = Node.of(tables.all().get(tables.all().size() - 1));
            other.setColumns(List.of("name", "v"));
            schemas.add(schema(database, prefix + SECOND_INDEX, other));
        }
        return schemas;
    }

    private static ArrayNode schema(String database, String index, Node root) {
        var schema = Node.JSON.createArrayNode();
        schema.addObject().put("database", database).put("index", index).set("nodes", root.toJson());
        return schema;
    }

    /** Types and tables first, then the constraints between them. */
    public List<String> definitions() {
        var constraints = tables.all().stream()
                .flatMap(table -> table.links().stream())
                .flatMap(link -> link.constraint().stream());
        var types = tables.all().stream()
                .flatMap(table -> table.key().stream())
                .flatMap(column -> column.type().definition().stream())
                .distinct();
        return Stream.of(
                        types,
                        Stream.of(Raising.FUNCTION),
                        tables.all().stream().flatMap(table -> table.create().stream()),
                        constraints)
                .flatMap(statements -> statements)
                .toList();
    }

    @Override
    public String toString() {
        return "%d nodes on %d tables, depth %d, identity %s"
                .formatted(root.size(), tables.all().size(), root.depth(), replicaIdentity);
    }

    private void grow(Node parent, int level) {
        var children = level == 2 ? 2 + dice.below(3) : dice.below(3);
        for (int i = 0; i < children && nodes < MOST_NODES; i++) {
            nodes++;
            var child = hang(parent);
            child.written().put("label", "child" + nodes);
            parent.children().add(child);
            var list = child.relationship().path("type").asText().equals("one_to_many");
            var leaf = level == MOST_LEVELS || dice.chance(35);
            shape.shape(child, list, leaf);
            if (!leaf) {
                grow(child, level + 1);
            }
        }
    }

    private Node hang(Node parent) {
        var above = parent.table();
        var kind = dice.below(100);
        if (kind < 25 && above.traits().hasIdentity()) {
            return hangThrough(above);
        }
        var child = Node.of(dice.chance(35) ? tables.any() : tables.add());
        var childRefers = dice.chance(60);
        var from = childRefers ? child.table() : above;
        var to = childRefers ? above : child.table();
        var declarable = to.traits().uniqueness() != Uniqueness.DEFERRABLE;
        var link = kind < 45 || !declarable ? from.undeclaredLink(to) : declared(from, to);
        joints.add(new Joint(above, child, link, childRefers));
        child.relationship().put("type", dice.chance(childRefers ? 85 : 20) ? "one_to_many" : "one_to_one");
        return child;
    }

    private Link declared(Table from, Table to) {
        var existing = from.links().stream()
                .filter(link -> link.declared() && link.to() == to)
                .findFirst();
        return existing.isPresent() && dice.chance(40) ? existing.get() : from.declareLink(to, dice.chance(35));
    }

    private Node hangThrough(Table above) {
        var below = dice.chance(25)
                ? above
                : dice.chance(25) ? tables.anyWithIdentity() : tables.add(Uniqueness.PRIMARY_KEY);
        var through = tables.through(above, below);
        var child = Node.of(below);
        child.relationship().put("type", dice.chance(90) ? "one_to_many" : "one_to_one");
        child.relationship().putArray("through_tables").add(through.name());
        throughs.add(new Through(above, through, child, dice.chance(50)));
        return child;
    }

    /** Where the constraints leave a choice, and sometimes where they do not. */
    private void nameColumns(Joint joint) {
        var link = joint.link();
        var below = joint.child().table();
        var meantByDefault = joint.parent() != below || joint.childRefers();
        if (!link.declared() || constraints(joint.parent(), below) > 1 || !meantByDefault || dice.chance(20)) {
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
}
