package io.pgsync.core.affected;

import static io.pgsync.core.affected.KeyLookupsTest.asked;
import static io.pgsync.core.affected.LoggedTable.BYTES;
import static io.pgsync.core.affected.LoggedTable.NULL;
import static io.pgsync.core.affected.LoggedTable.TOAST;
import static io.pgsync.core.tree.Tables.relation;
import static io.pgsync.core.tree.Tables.table;
import static io.pgsync.core.tree.Trees.many;
import static io.pgsync.core.tree.Trees.nodes;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.TableName;
import io.pgsync.core.tree.DocumentTree;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables in several roles, views, keys that are no primary keys, and types whose values have several texts. */
class KeyLookupsOfOddTablesTest {
    private static final TableDefinition PARTITIONED = relation(
            TableDefinition.Kind.PARTITIONED_TABLE, "review", "id int4 pk, book_id int4 -> book.id, text text");
    private static final DocumentTree OVER_PARTITIONS = nodes(
            "{'table': 'book', 'children': [%s]}".formatted(many("review")), table("book", "id int4 pk"), PARTITIONED);

    @Test
    void aTableInSeveralRolesAsksForAllOfThem() {
        TableDefinition usr = table("usr", "id int4 pk, name text");
        TableDefinition item = table("item", "id int4 pk, buyer int4 -> usr.id, seller int4 -> usr.id");
        String children = "%s, %s"
                .formatted(
                        many("usr", ", 'foreign_key': {'parent': ['buyer'], 'child': ['id']}", ", 'label': 'buyer'"),
                        many("usr", ", 'foreign_key': {'parent': ['seller'], 'child': ['id']}", ", 'label': 'seller'"));
        DocumentTree tree = nodes("{'table': 'item', 'children': [%s]}".formatted(children), item, usr);

        assertThat(asked(tree, LoggedTable.of(usr).update("1", "n")))
                .containsExactly("walk LINK usr [1]", "walk LINK usr [1]");
    }

    @Test
    void aSelfReferenceIsRootAndChildAtOnce() {
        TableDefinition node = table("node", "id int4 pk, node_id int4 -> node.id");
        DocumentTree tree = nodes("{'table': 'node', 'children': [%s]}".formatted(many("node")), node);

        assertThat(asked(tree, LoggedTable.of(node).update("2", "1")))
                .containsExactlyInAnyOrder("root [2]", "root [1]", "search node.id [2]");
    }

    @Test
    void oneQuestionAnswersAllRowsThatNeedIt() {
        TableDefinition book = table("book", "id int4 pk");
        TableDefinition review = table("review", "id int4 pk, book_id int4 -> book.id");
        DocumentTree tree = nodes("{'table': 'book', 'children': [%s]}".formatted(many("review")), book, review);
        LoggedTable reviews = LoggedTable.of(review);

        assertThat(asked(tree, reviews.insert("1", "5"), reviews.insert("2", "5"), reviews.insert("3", "5")))
                .containsExactly("root [5]");
    }

    @Test
    void equalValuesOfOtherTypesAreLeftToTheSource() {
        TableDefinition book = table("book", "code numeric pk");
        TableDefinition review = table("review", "id int4 pk, code numeric -> book.code");
        DocumentTree tree = nodes("{'table': 'book', 'children': [%s]}".formatted(many("review")), book, review);

        // 1.0 and 1.00 are equal, and only one of them is the root's text.
        assertThat(asked(tree, LoggedTable.of(review).insert("1", "1.00"))).containsExactly("walk LINK review [1.00]");
    }

    @Test
    void aCompositeLinkNamesTheRootInTheOrderOfItsKey() {
        TableDefinition book = table("book", "zone int4 pk, area int4 pk");
        TableDefinition review = table("review", "id int4 pk, z int4, a int4");
        String relationship = ", 'foreign_key': {'parent': ['zone', 'area'], 'child': ['z', 'a']}";
        DocumentTree tree =
                nodes("{'table': 'book', 'children': [%s]}".formatted(many("review", relationship, "")), book, review);

        assertThat(asked(tree, LoggedTable.of(review).insert("1", "10", "20"))).containsExactly("root [20, 10]");
        assertThat(asked(tree, LoggedTable.of(review).insert("1", "10", NULL))).isEmpty();
    }

    @Test
    void searchesUseTheTextsThatJsonGives() {
        TableDefinition book = table("book", "id int4 pk");
        TableDefinition review = table("review", "at timestamptz pk, ok bool pk, book_id int4 -> book.id");
        DocumentTree tree = nodes("{'table': 'book', 'children': [%s]}".formatted(many("review")), book, review);

        assertThat(asked(tree, LoggedTable.of(review).delete("2020-01-02 03:04:05+00", "t", NULL)))
                .containsExactly("search review.at,ok [2020-01-02T03:04:05+00:00, true]");
    }

    @Test
    void searchesForRootsUseTheTextsOfIds() {
        TableDefinition book = table("book", "at timestamp pk, id int4 pk, title text");
        DocumentTree tree = nodes("{'table': 'book'}", book);

        // An identity over a part of the key: the root's own entry in _meta is all there is.
        assertThat(asked(tree, LoggedTable.indexed(book, "at").delete("2020-01-02 03:04:05.5", NULL, NULL)))
                .containsExactly("search book.at [2020-01-02 03:04:05.500000]");
    }

    @Test
    void aKeyThatTheIdentityDoesNotCoverMayHaveChangedUnseen() {
        TableDefinition usr = table("usr", "id int4 pk");
        TableDefinition grp = table("grp", "id int4 pk, code text");
        TableDefinition bare = table("ug", "id int4 pk, usr_id int4, grp_code text");
        TableDefinition constrained = table("ug", "id int4 pk, usr_id int4 -> usr.id, grp_code text -> grp.code");
        LoggedTable groups = LoggedTable.of(grp);

        assertThat(asked(through(usr, grp, constrained), groups.update("1", "B")))
                .containsExactly("walk LINK grp [B]");
        assertThat(asked(through(usr, grp, bare), groups.update("1", "B")))
                .containsExactlyInAnyOrder("walk LINK grp [B]", "all grp");
    }

    /** Neither can have a document, nor ever had one. */
    @Test
    void aRootWhoseKeyIsNoTextIsNamedWhenItComesAndForgottenWhenItGoes() {
        TableDefinition book = table("book", "code text pk, zone text pk, title text");
        DocumentTree tree = nodes("{'table': 'book'}", book);
        LoggedTable books = LoggedTable.of(book);

        assertThat(asked(tree, books.insert(BYTES, "z", "x"))).containsExactly("unreadable root [\\xff, z]");
        assertThat(asked(tree, books.update(BYTES, "z", "y"))).containsExactly("unreadable root [\\xff, z]");
        assertThat(asked(tree, books.update(List.of("a", "z", NULL), BYTES, "z", "x")))
                .containsExactlyInAnyOrder("unreadable root [\\xff, z]", "root [a, z]");
        assertThat(asked(tree, books.update(List.of(BYTES, "z", NULL), "a", "z", "x")))
                .containsExactly("root [a, z]");
        assertThat(asked(tree, books.delete(BYTES, "z", NULL))).isEmpty();
    }

    @Test
    void aRowWhoseKeyAndLinkAreNoTextsIsNamed() {
        TableDefinition book = table("book", "id int4 pk, code text");
        TableDefinition review = table("review", "id text pk, code text -> book.code, text text");
        DocumentTree tree = nodes("{'table': 'book', 'children': [%s]}".formatted(many("review")), book, review);
        LoggedTable reviews = LoggedTable.of(review);

        assertThat(asked(tree, reviews.insert(BYTES, BYTES, "x"))).containsExactly("unfound review");
        assertThat(asked(tree, reviews.insert("7", BYTES, "x"))).containsExactly("walk KEY review [7]");
        assertThat(asked(tree, reviews.insert(BYTES, "c", "x"))).containsExactly("walk LINK review [c]");
        assertThat(asked(tree, reviews.insert(BYTES, NULL, "x"))).isEmpty();
    }

    @Test
    void aPartitionMayLogLessThanTheIdentityOfItsTable() {
        LoggedTable reviews = LoggedTable.full(PARTITIONED);

        // Its identity is the default one: all but the primary key is null, and an update of it alone has an old row.
        assertThat(asked(OVER_PARTITIONS, reviews.delete("7", NULL, NULL))).containsExactly("search review.id [7]");
        assertThat(asked(OVER_PARTITIONS, reviews.update("7", "2", "x")))
                .containsExactlyInAnyOrder("root [2]", "search review.id [7]");
        assertThat(asked(OVER_PARTITIONS, reviews.update(List.of("7", NULL, NULL), "8", "2", "x")))
                .containsExactlyInAnyOrder("root [2]", "search review.id [7]");
        assertThat(asked(OVER_PARTITIONS, reviews.update(List.of("7", NULL, NULL), "8", TOAST, "x")))
                .containsExactlyInAnyOrder("walk KEY review [8]", "search review.id [7]");
        // A value that is there was logged.
        assertThat(asked(OVER_PARTITIONS, reviews.delete("7", "1", "x"))).containsExactly("root [1]");
        assertThat(asked(OVER_PARTITIONS, reviews.update(List.of("7", "1", "x"), "7", "2", "x")))
                .containsExactlyInAnyOrder("root [2]", "root [1]");
    }

    @Test
    void aPartitionMayLogTheKeyInPlaceOfTheIndexOfItsTable() {
        LoggedTable reviews = LoggedTable.indexed(PARTITIONED, "id", "book_id");

        assertThat(asked(OVER_PARTITIONS, reviews.update("7", "2", "x")))
                .containsExactlyInAnyOrder("root [2]", "search review.id [7]");
        assertThat(asked(OVER_PARTITIONS, reviews.delete("7", NULL, NULL))).containsExactly("search review.id [7]");
        assertThat(asked(OVER_PARTITIONS, LoggedTable.of(PARTITIONED).update("7", "2", "x")))
                .containsExactlyInAnyOrder("root [2]", "search review.id [7]");
    }

    @Test
    void aPartitionThatDoesNotNameItsRowsLeavesAllDocumentsWithRowsOfTheTable() {
        assertThat(asked(OVER_PARTITIONS, LoggedTable.full(PARTITIONED).delete(NULL, NULL, "x")))
                .containsExactly("all review");
    }

    @Test
    void aForeignKeyThatIsNotEnforcedProvesNothing() {
        var toUsr = new ForeignKey("to_usr", List.of("usr_id"), new TableName("public", "usr"), List.of("id"), false);
        var toGrp =
                new ForeignKey("to_grp", List.of("grp_code"), new TableName("public", "grp"), List.of("code"), false);
        TableDefinition usr = table("usr", "id int4 pk");
        TableDefinition grp = table("grp", "id int4 pk, code text");
        TableDefinition ug = table("ug", "id int4 pk, usr_id int4, grp_code text", toUsr, toGrp);

        assertThat(asked(through(usr, grp, ug), LoggedTable.of(grp).update("1", "B")))
                .containsExactlyInAnyOrder("walk LINK grp [B]", "all grp");
        assertThat(through(usr, grp, ug).hidesThroughKeys()).isTrue();
    }

    private static DocumentTree through(TableDefinition usr, TableDefinition grp, TableDefinition ug) {
        String names = ", 'through_tables': ['ug'], 'foreign_key': {'parent': ['usr_id'], 'child': ['code']}";
        String meant = ug.foreignKeys().isEmpty()
                ? ", 'through_tables': ['ug'], 'foreign_key': {'parent': ['id'], 'child': ['code']}"
                : names;
        return nodes("{'table': 'usr', 'children': [%s]}".formatted(many("grp", meant, "")), usr, grp, ug);
    }

    @Test
    void aBaseTableOfTheRootsViewNamesTheRoot() {
        TableDefinition base = table("base", "code text pk, active bool");
        TableDefinition view = relation(TableDefinition.Kind.VIEW, "v", "code text");
        DocumentTree tree = nodes("{'table': 'v', 'primary_key': ['code'], 'base_tables': ['base']}", view, base);

        // Walking the view would not find a row that it shows no more.
        assertThat(asked(tree, LoggedTable.of(base).delete("a", NULL))).containsExactly("root [a]");
        assertThat(asked(tree, LoggedTable.of(base).update("a", "f"))).containsExactly("root [a]");
    }

    @Test
    void aBaseTableOfAChildsViewIsSearchedBecauseTheViewIsSilent() {
        TableDefinition book = table("book", "id int4 pk");
        TableDefinition base = table("base", "id int4 pk, book_id int4, active bool");
        TableDefinition view = relation(TableDefinition.Kind.VIEW, "v", "id int4, book_id int4");
        String child = many(
                "v",
                ", 'foreign_key': {'parent': ['id'], 'child': ['book_id']}",
                ", 'primary_key': ['id'], 'base_tables': ['base']");
        DocumentTree tree = nodes("{'table': 'book', 'children': [%s]}".formatted(child), book, view, base);
        LoggedTable bases = LoggedTable.of(base);

        assertThat(asked(tree, bases.insert("3", "1", "t")))
                .containsExactlyInAnyOrder("walk LINK base [3]", "search v.id [3]");
        assertThat(asked(tree, bases.update("3", "1", "f")))
                .containsExactlyInAnyOrder("walk LINK base [3]", "search v.id [3]");
        assertThat(asked(tree, bases.delete("3", NULL, NULL)))
                .containsExactlyInAnyOrder("walk LINK base [3]", "search v.id [3]");
        assertThat(asked(tree, bases.update(List.of("3", NULL, NULL), "4", "1", "t")))
                .contains("search v.id [3]", "search v.id [4]");
    }

    @Test
    void aBaseTableMayMakeOnlyAPartOfTheViewsKey() {
        TableDefinition left = table("l", "a int4 pk");
        TableDefinition right = table("r", "b int4 pk");
        TableDefinition view = relation(TableDefinition.Kind.VIEW, "v", "a int4, b int4");
        DocumentTree tree =
                nodes("{'table': 'v', 'primary_key': ['a', 'b'], 'base_tables': ['l', 'r']}", view, left, right);

        assertThat(asked(tree, LoggedTable.of(left).delete("1")))
                .containsExactlyInAnyOrder("walk LINK l [1]", "search v.a [1]");
        assertThat(asked(tree, LoggedTable.of(right).delete("1")))
                .containsExactlyInAnyOrder("walk LINK r [1]", "all v");
    }
}
