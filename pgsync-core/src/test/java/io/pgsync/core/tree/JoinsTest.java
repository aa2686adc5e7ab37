package io.pgsync.core.tree;

import static io.pgsync.core.tree.Tables.foreignKey;
import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.ColumnPair;
import io.pgsync.core.catalog.TableDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a tree joins a child with its parent. */
class JoinsTest {
    private static final TableDefinition BOOK =
            table("book", "zone int4 pk, area int4 pk, title text, doc jsonb, publisher_id int4 -> publisher.id");
    private static final TableDefinition PUBLISHER = table("publisher", "id int4 pk, name text");

    @Test
    void constraintsJoinInBothDirections() {
        assertThat(join("publisher", BOOK, PUBLISHER))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("publisher_id", "id"))));
        TableDefinition review = table(
                "review",
                "id int4 pk, bz int4, ba int4",
                foreignKey("review_book", List.of("ba", "bz"), "book", List.of("area", "zone")));
        assertThat(join("review", BOOK, review))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("area", "ba"), new ColumnPair("zone", "bz"))));
    }

    @Test
    void aSelfReferenceLeadsDownUnlessToldOtherwise() {
        TableDefinition node = table("node", "id int4 pk, node_id int4 -> node.id");

        assertThat(join("node", node)).isEqualTo(new Join.Direct(List.of(new ColumnPair("id", "node_id"))));
        assertThat(join("node", "'foreign_key': {'parent': ['node_id'], 'child': ['id']}", node))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("node_id", "id"))));
    }

    @Test
    void severalConstraintsBetweenTwoTablesAreAmbiguous() {
        TableDefinition item = table("item", "id int4 pk, buyer int4 -> usr.id, seller int4 -> usr.id");
        TableDefinition usr = table("usr", "id int4 pk");

        assertThat(Trees.problems("{'table': 'item', 'children': [" + Trees.many("usr") + "]}", item, usr))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("\"item_buyer_fkey\", \"item_seller_fkey\"")
                        .contains("foreign_key"));
        assertThat(join("usr", "'foreign_key': {'parent': ['seller'], 'child': ['id']}", item, usr))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("seller", "id"))));
    }

    @Test
    void aConstraintWithinAnotherAddsNothing() {
        TableDefinition line = table(
                "line",
                "id int4 pk, zone int4 -> book.zone, area int4",
                foreignKey("whole", List.of("zone", "area"), "book", List.of("zone", "area")));

        assertThat(join("line", BOOK, line))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("zone", "zone"), new ColumnPair("area", "area"))));
    }

    @Test
    void throughTablesListTheirOwnKeyAndTheColumnsTheyPointAt() {
        TableDefinition usr = table("usr", "id int4 pk");
        TableDefinition grp = table("grp", "id int4 pk, code text");
        TableDefinition ug = table("ug", "usr_id int4 pk -> usr.id, grp_code text pk -> grp.code");

        TreeNode child = onlyChild("'through_tables': ['ug']", "grp", usr, grp, ug);

        assertThat(child.join().orElseThrow())
                .isEqualTo(new Join.Through(
                        new Join.ThroughTable(ug, List.of("grp_code", "usr_id")),
                        List.of(new ColumnPair("id", "usr_id")),
                        List.of(new ColumnPair("grp_code", "code"))));
        assertThat(child.metaColumns()).containsExactly("code");
        assertThat(child.key()).containsExactly("id");
    }

    @Test
    void aThroughTableMayBeTheReferencedSide() {
        TableDefinition usr = table("usr", "id int4 pk, team_id int4 -> team.id");
        TableDefinition team = table("team", "id int4 pk");
        TableDefinition task = table("task", "id int4 pk, team_id int4 -> team.id");

        TreeNode child = onlyChild("'through_tables': ['team']", "task", usr, task, team);

        assertThat(child.join().orElseThrow())
                .isEqualTo(new Join.Through(
                        new Join.ThroughTable(team, List.of("id")),
                        List.of(new ColumnPair("team_id", "id")),
                        List.of(new ColumnPair("id", "team_id"))));
        assertThat(child.metaColumns()).containsExactly("id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // the through table's columns; one constraint of two is picked by them
                "usr_id int4 -> usr.id, friend_id int4 -> usr.id | usr_id | friend_id",
                // no constraints: the through table's columns meet the primary keys, or columns of the same name
                "usr_id int4, friend_id int4 | usr_id | friend_id",
                // the joined tables' own columns, with customary names in the through table
                "usr_id int4, friend_id int4 | id | friend_id"
            })
    void aForeignKeyTellsHowAThroughTableLinks(String columns, String parent, String child) {
        TableDefinition usr = table("usr", "id int4 pk, name text");
        TableDefinition friends = table("friends", columns);

        String declared = "'through_tables': ['friends'], 'foreign_key': {'parent': '%s', 'child': '%s'}"
                .formatted(parent, child);
        assertThat(join("usr", declared, usr, friends))
                .isEqualTo(new Join.Through(
                        new Join.ThroughTable(friends, List.of("friend_id", "usr_id")),
                        List.of(new ColumnPair("id", "usr_id")),
                        List.of(new ColumnPair("friend_id", "id"))));
    }

    @Test
    void anArrayIsNoLinkAndTheViewThatHelpsIsNamed() {
        TableDefinition post = table("post", "id int4 pk, tags _int4");
        TableDefinition tag = table("tag", "id int4 pk, posts _int4");

        assertThat(Trees.problems(linked("post", "tag", "tags", "id"), post, tag))
                .singleElement()
                .asString()
                .contains("/0/nodes/children/0/relationship/foreign_key", "compares equal values")
                .endsWith("SELECT \"id\", unnest(\"tags\") AS \"tags\" FROM public.post");
        assertThat(Trees.problems(linked("post", "tag", "id", "posts"), post, tag))
                .singleElement()
                .asString()
                .endsWith("SELECT \"id\", unnest(\"posts\") AS \"posts\" FROM public.tag");
        assertThat(join("tag", "'foreign_key': {'parent': ['tags'], 'child': ['posts']}", post, tag))
                .isEqualTo(new Join.Direct(List.of(new ColumnPair("tags", "posts"))));
    }

    private static String linked(String parent, String child, String upper, String lower) {
        String foreignKey = ", 'foreign_key': {'parent': ['%s'], 'child': ['%s']}".formatted(upper, lower);
        return "{'table': '%s', 'children': [%s]}".formatted(parent, Trees.many(child, foreignKey, ""));
    }

    private static Join join(String child, TableDefinition... tables) {
        return join(child, "", tables);
    }

    private static Join join(String child, String relationship, TableDefinition... tables) {
        return onlyChild(relationship, child, tables).join().orElseThrow();
    }

    /** The first table is the root's. */
    private static TreeNode onlyChild(String relationship, String child, TableDefinition... tables) {
        String more = relationship.isEmpty() ? "" : ", " + relationship;
        String nodes =
                "{'table': '%s', 'children': [%s]}".formatted(tables[0].name().table(), Trees.many(child, more, ""));
        return Trees.nodes(nodes, tables).root().children().get(0);
    }
}
