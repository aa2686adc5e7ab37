package io.pgsync.core.pipeline;

import static io.pgsync.core.affected.LoggedTable.NULL;
import static io.pgsync.core.tree.Tables.table;
import static io.pgsync.core.tree.Trees.many;

import io.pgsync.core.affected.PathToRoot;
import io.pgsync.core.affected.SourceKeyLookup.Start;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.JoinStep;
import io.pgsync.core.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The visible rows of a small tree: a root with an owner above it, children and grandchildren below, tags, and a favourite child. */
final class SimulatedTables {
    static final TableDefinition ROOT =
            table("root", "id int4 pk, name text, owner_id int4 -> owner.id, favourite_id int4 -> child.id");
    static final TableDefinition OWNER = table("owner", "id int4 pk, name text");
    static final TableDefinition CHILD = table("child", "id int4 pk, name text, root_id int4 -> root.id");
    static final TableDefinition GRANDCHILD = table("grandchild", "id int4 pk, name text, child_id int4 -> child.id");
    static final TableDefinition TAG = table("tag", "id int4 pk, name text");
    static final TableDefinition ROOT_TAG =
            table("root_tag", "id int4 pk, name text, root_id int4 -> root.id, tag_id int4 -> tag.id");
    static final List<TableDefinition> TABLES = List.of(ROOT, OWNER, CHILD, GRANDCHILD, TAG, ROOT_TAG);

    static final DocumentTree TREE = Trees.nodes(
            "{'table': 'root', 'children': [%s, %s, %s, %s]}"
                    .formatted(
                            many("owner"),
                            many("child", link("id", "root_id"), ", 'children': [%s]".formatted(many("grandchild"))),
                            many("child", link("favourite_id", "id"), ", 'label': 'favourite'"),
                            many("tag", ", 'through_tables': ['root_tag']", "")),
            TABLES.toArray(TableDefinition[]::new));

    private final Map<String, Map<String, List<String>>> rows = new TreeMap<>();

    SimulatedTables() {
        TABLES.forEach(table -> rows.put(table.name().table(), new TreeMap<>()));
    }

    private static String link(String parent, String child) {
        return ", 'foreign_key': {'parent': ['%s'], 'child': ['%s']}".formatted(parent, child);
    }

    /** The rows of a table by key. */
    Map<String, List<String>> of(TableDefinition table) {
        return rows.get(table.name().table());
    }

    /** A document, and {@code table:key} of every row in it. */
    record Document(String content, Set<String> keys) {}

    Map<String, Document> documents() {
        var all = new TreeMap<String, Document>();
        of(ROOT).keySet().forEach(id -> all.put(id, document(id).orElseThrow()));
        return all;
    }

    Optional<Document> document(String id) {
        List<String> root = of(ROOT).get(id);
        if (root == null) {
            return Optional.empty();
        }
        var text = new StringBuilder().append(root);
        var keys = new TreeSet<String>();
        Consumer<String> note = keys::add;
        text.append(" owner").append(noted(OWNER, where(OWNER, "id", root.get(2)), note));
        text.append(" favourite").append(noted(CHILD, where(CHILD, "id", root.get(3)), note));
        for (List<String> child : noted(CHILD, where(CHILD, "root_id", id), note)) {
            text.append(" child").append(child);
            text.append(noted(GRANDCHILD, where(GRANDCHILD, "child_id", child.get(0)), note));
        }
        for (List<String> through : noted(ROOT_TAG, where(ROOT_TAG, "root_id", id), note)) {
            text.append(" tag").append(noted(TAG, where(TAG, "id", through.get(3)), note));
        }
        return Optional.of(new Document(text.toString(), keys));
    }

    private static List<List<String>> noted(TableDefinition table, List<List<String>> found, Consumer<String> note) {
        found.forEach(row -> note.accept(table.name().table() + ":" + row.get(0)));
        return found;
    }

    private List<List<String>> where(TableDefinition table, String column, String value) {
        int index = indexOf(table, column);
        return of(table).values().stream()
                .filter(row -> !value.equals(NULL) && row.get(index).equals(value))
                .toList();
    }

    static int indexOf(TableDefinition table, String column) {
        return table.columns().stream().map(c -> c.name()).toList().indexOf(column);
    }

    /** The keys of the roots above some rows, as the product's SQL would find them. */
    Set<String> rootsAbove(PathToRoot path, Start start, List<List<String>> values) {
        Stream<String> links = values.stream().map(value -> value.get(0));
        if (start == Start.KEY) {
            links = links.flatMap(key -> column(where(path.start(), "id", key), path.start(), linkOf(path.steps(), 0)));
        }
        var found = new TreeSet<String>();
        links.forEach(link -> climb(path.steps(), 0, link, found));
        return found;
    }

    private void climb(List<JoinStep> steps, int at, String link, Set<String> found) {
        JoinStep step = steps.get(at);
        List<List<String>> upper = where(step.upper(), step.pairs().get(0).upper(), link);
        String next = at + 1 == steps.size() ? "id" : linkOf(steps, at + 1);
        for (String value : column(upper, step.upper(), next).toList()) {
            if (at + 1 == steps.size()) {
                found.add(value);
            } else {
                climb(steps, at + 1, value, found);
            }
        }
    }

    private static String linkOf(List<JoinStep> steps, int at) {
        return steps.get(at).pairs().get(0).lower();
    }

    private static Stream<String> column(List<List<String>> rows, TableDefinition table, String column) {
        int index = indexOf(table, column);
        return new ArrayList<>(rows).stream().map(row -> row.get(index));
    }
}
