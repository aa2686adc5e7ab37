package io.pgsync.core.affected;

import static io.pgsync.core.affected.LoggedTable.BYTES;
import static io.pgsync.core.affected.LoggedTable.NULL;
import static io.pgsync.core.affected.LoggedTable.TOAST;
import static io.pgsync.core.affected.LoggedTable.full;
import static io.pgsync.core.affected.LoggedTable.indexed;
import static io.pgsync.core.tree.Tables.table;
import static io.pgsync.core.tree.Trees.many;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.RowChange;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What each kind of change asks for, in each role and under each replica identity. */
class KeyLookupsTest {
    private static final TableDefinition BOOK =
            table("book", "id int4 pk, title text, publisher_id int4 -> publisher.id");
    private static final TableDefinition PUBLISHER = table("publisher", "id int4 pk, name text");
    private static final TableDefinition REVIEW = table("review", "id int4 pk, book_id int4 -> book.id, text text");
    private static final TableDefinition REPLY = table("reply", "id int4 pk, review_id int4 -> review.id");
    private static final TableDefinition AUTHOR = table("author", "id int4 pk, name text");
    private static final TableDefinition BOOK_AUTHOR =
            table("book_author", "id int4 pk, book_id int4 -> book.id, author_id int4 -> author.id");
    private static final DocumentTree TREE = Trees.nodes(
            "{'table': 'book', 'children': [%s, %s, %s]}"
                    .formatted(
                            many("publisher"),
                            many("review", "", ", 'children': [%s]".formatted(many("reply"))),
                            many("author", ", 'through_tables': ['book_author']", "")),
            BOOK,
            PUBLISHER,
            REVIEW,
            REPLY,
            AUTHOR,
            BOOK_AUTHOR);

    private static final LoggedTable BOOKS = LoggedTable.of(BOOK);
    private static final LoggedTable REVIEWS = LoggedTable.of(REVIEW);
    private static final LoggedTable LINKS = LoggedTable.of(BOOK_AUTHOR);

    @Test
    void aRootNamesItself() {
        assertThat(asked(BOOKS.insert("1", "t", "9"))).containsExactly("root [1]");
        assertThat(asked(BOOKS.update("1", "t", "9"))).containsExactly("root [1]");
        assertThat(asked(BOOKS.delete("1", NULL, NULL))).containsExactly("root [1]");
        assertThat(asked(full(BOOK).delete("1", "t", "9"))).containsExactly("root [1]");
    }

    @Test
    void aRootThatChangesItsKeyIsTwoRoots() {
        assertThat(asked(BOOKS.update(List.of("1", NULL, NULL), "2", "t", "9")))
                .containsExactlyInAnyOrder("root [1]", "root [2]");
    }

    /** No document can be made of it, and somebody has to be told. */
    @Test
    void aRootWithoutAKeyIsARootWithoutAName() {
        TableDefinition codes = table("code", "k text, v text");
        DocumentTree tree = Trees.nodes("{'table': 'code', 'primary_key': ['k']}", codes);

        assertThat(asked(tree, full(codes).insert(NULL, "v"))).containsExactly("root []");
    }

    @Test
    void aChildOfTheRootNamesIt() {
        assertThat(asked(REVIEWS.insert("7", "1", "x"))).containsExactly("root [1]");
    }

    @Test
    void aChildWithoutAParentAsksForNothing() {
        assertThat(asked(REVIEWS.insert("7", NULL, "x"))).isEmpty();
    }

    @Test
    void aChildThatMayHaveMovedIsSearched() {
        assertThat(asked(REVIEWS.update("7", "2", "x"))).containsExactlyInAnyOrder("root [2]", "search review.id [7]");
        assertThat(asked(REVIEWS.update("7", NULL, "x"))).containsExactly("search review.id [7]");
        assertThat(asked(REVIEWS.delete("7", NULL, NULL))).containsExactly("search review.id [7]");
    }

    @Test
    void aChildThatChangesItsKeyIsSearchedUnderTheOldOne() {
        assertThat(asked(REVIEWS.update(List.of("7", NULL, NULL), "8", "2", "x")))
                .containsExactlyInAnyOrder("root [2]", "search review.id [7]");
    }

    @Test
    void aFullIdentityTellsTheOldParent() {
        LoggedTable reviews = full(REVIEW);

        assertThat(asked(reviews.update(List.of("7", "1", "x"), "7", "2", "x")))
                .containsExactlyInAnyOrder("root [2]", "root [1]");
        assertThat(asked(reviews.update(List.of("7", "1", "x"), "7", "1", "y"))).containsExactly("root [1]");
        assertThat(asked(reviews.update(List.of("7", NULL, "x"), "7", "1", "x")))
                .containsExactly("root [1]");
        assertThat(asked(reviews.update(List.of("7", "1", "x"), "7", NULL, "x")))
                .containsExactly("root [1]");
        assertThat(asked(reviews.delete("7", "1", "x"))).containsExactly("root [1]");
        assertThat(asked(reviews.delete("7", NULL, "x"))).isEmpty();
    }

    @Test
    void anIdentityOverKeyAndLinkTellsTheOldParentToo() {
        LoggedTable reviews = indexed(REVIEW, "id", "book_id");

        assertThat(asked(reviews.update("7", "1", "y"))).containsExactly("root [1]");
        assertThat(asked(reviews.update(List.of("7", "1", NULL), "7", "2", "x")))
                .containsExactlyInAnyOrder("root [2]", "root [1]");
        assertThat(asked(reviews.delete("7", "1", NULL))).containsExactly("root [1]");
    }

    @Test
    void anIdentityWithoutTheKeyLeavesOnlyAllDocumentsWithRowsOfTheTable() {
        LoggedTable reviews = indexed(REVIEW, "text");

        assertThat(asked(reviews.delete(NULL, NULL, "x"))).containsExactly("all review");
        assertThat(asked(reviews.update("7", "2", "x"))).containsExactlyInAnyOrder("root [2]", "all review");
    }

    @Test
    void aLinkThatTheLogDoesNotRepeatIsReadFromTheRow() {
        assertThat(asked(REVIEWS.update("7", TOAST, "x")))
                .containsExactlyInAnyOrder("walk KEY review [7]", "search review.id [7]");
        assertThat(asked(full(REVIEW).update(List.of("7", "1", "x"), "7", TOAST, "y")))
                .containsExactly("root [1]");
    }

    @Test
    void aLinkThatIsNoTextIsNeitherTakenForNullNorForAnyOther() {
        assertThat(asked(REVIEWS.insert("7", BYTES, "x"))).containsExactly("walk KEY review [7]");
        assertThat(asked(full(REVIEW).delete("7", BYTES, "x"))).containsExactly("search review.id [7]");
    }

    @Test
    void aGrandchildIsWalkedUp() {
        LoggedTable replies = LoggedTable.of(REPLY);

        assertThat(asked(replies.insert("3", "7"))).containsExactly("walk LINK reply [7]");
        assertThat(asked(replies.update("3", "7")))
                .containsExactlyInAnyOrder("walk LINK reply [7]", "search reply.id [3]");
        assertThat(asked(full(REPLY).update(List.of("3", "6"), "3", "7")))
                .containsExactlyInAnyOrder("walk LINK reply [7]", "walk LINK reply [6]");
    }

    @Test
    void aTableThatTheRootPointsAtIsWalkedByItsKeyOnly() {
        LoggedTable publishers = LoggedTable.of(PUBLISHER);

        assertThat(asked(publishers.update("9", "n"))).containsExactly("walk LINK publisher [9]");
        assertThat(asked(publishers.delete("9", NULL))).containsExactly("walk LINK publisher [9]");
        assertThat(asked(publishers.update(List.of("9", NULL), "8", "n")))
                .containsExactlyInAnyOrder("walk LINK publisher [8]", "walk LINK publisher [9]");
    }

    @Test
    void aThroughRowHasTwoLinksButOneWayUp() {
        assertThat(asked(LINKS.insert("4", "1", "5"))).containsExactly("root [1]");
        assertThat(asked(LINKS.insert("4", "1", NULL))).containsExactly("root [1]");
        assertThat(asked(LINKS.update("4", "2", "5")))
                .containsExactlyInAnyOrder("root [2]", "search book_author.id [4]");
        assertThat(asked(LINKS.delete("4", NULL, NULL))).containsExactly("search book_author.id [4]");
        assertThat(asked(full(BOOK_AUTHOR).delete("4", "1", "5"))).containsExactly("root [1]");
    }

    @Test
    void aRowBehindAThroughTableIsWalkedOverIt() {
        assertThat(asked(LoggedTable.of(AUTHOR).update("5", "n"))).containsExactly("walk LINK author [5]");
    }

    private static List<String> asked(RowChange change) {
        return asked(TREE, change);
    }

    /** The questions, as words. */
    static List<String> asked(DocumentTree tree, RowChange... changes) {
        var lookups = new KeyLookups();
        TableRoles roles = TableRoles.of(List.of(tree));
        for (RowChange change : changes) {
            roles.of(change.relation().name()).forEach(role -> lookups.add(role, change));
        }
        var words = new ArrayList<String>();
        lookups.roots()
                .values()
                .forEach(roots -> roots.forEach(
                        root -> words.add((root.isReadable() ? "root " : "unreadable root ") + root.shown())));
        lookups.walks()
                .forEach((walk, rows) -> rows.forEach(row -> words.add("walk " + walk.start() + " "
                        + walk.path().start().name().table() + " " + row)));
        lookups.searches()
                .forEach((search, keys) -> keys.forEach(key -> words.add("search "
                        + search.path().metaTable() + "."
                        + String.join(",", search.path().metaColumns()) + " " + key)));
        lookups.wholeTables().forEach(search -> words.add("all " + search.path().metaTable()));
        lookups.unfound()
                .forEach(role -> words.add("unfound " + role.start().name().table()));
        return words;
    }
}
