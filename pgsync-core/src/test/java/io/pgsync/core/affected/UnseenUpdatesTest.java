package io.pgsync.core.affected;

import static io.pgsync.core.affected.LoggedTable.NULL;
import static io.pgsync.core.affected.LoggedTable.TOAST;
import static io.pgsync.core.affected.LoggedTable.full;
import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.change.RowChange;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Updates of columns on which no document depends, where the log has whole old rows. */
class UnseenUpdatesTest {
    private static final TableDefinition AUTHOR = table("author", "id int4 pk, name text, seen text");
    private static final TableDefinition LINK =
            table("link", "id int4 pk, book_id int4 -> book.id, author_id int4 -> author.id, note text");
    private static final TableDefinition BOOK =
            table("book", "id int4 pk, shelf_id int4 -> shelf.id, title text, place int4, seen text");
    private static final TableDefinition SHELF = table("shelf", "id int4 pk, name text");

    private static DocumentTree tree(String more) {
        return Trees.nodes("""
                {'table': 'shelf', 'columns': ['name'], 'children': [
                  {'table': 'book', 'columns': ['title'], 'relationship': {'variant': 'object', 'type': 'one_to_many'}%s, 'children': [
                    {'table': 'author', 'columns': ['name'], 'relationship':
                      {'variant': 'object', 'type': 'one_to_many', 'through_tables': ['link']}}]}]}""".formatted(more), SHELF, BOOK, AUTHOR, LINK);
    }

    @Test
    void theyAskForNothing() {
        assertThat(isLookedUp("", full(BOOK).update(List.of("1", "2", "t", "3", "never"), "1", "2", "t", "3", "now")))
                .isFalse();
        assertThat(isLookedUp("", full(AUTHOR).update(List.of("1", "n", NULL), "1", "n", "now")))
                .isFalse();
        assertThat(isLookedUp("", full(LINK).update(List.of("1", "2", "3", "a"), "1", "2", "3", "b")))
                .isFalse();
    }

    /** Of a column that is shown, of a key, of a link, and of one that becomes null. */
    @ParameterizedTest
    @CsvSource({"1, 2, other, 3", "9, 2, t, 3", "1, 9, t, 3", "1, 2, <null>, 3"})
    void othersDo(String id, String shelf, String title, String place) {
        assertThat(isLookedUp("", full(BOOK).update(List.of("1", "2", "t", "3", "s"), id, shelf, title, place, "s")))
                .isTrue();
    }

    @Test
    void aColumnThatOrdersIsUsed() {
        RowChange moved = full(BOOK).update(List.of("1", "2", "t", "3", "s"), "1", "2", "t", "4", "s");

        assertThat(isLookedUp("", moved)).isFalse();
        assertThat(isLookedUp(", 'sort': ['place']", moved)).isTrue();
    }

    @Test
    void aConditionMayReadAnyColumn() {
        RowChange touched = full(BOOK).update(List.of("1", "2", "t", "3", "never"), "1", "2", "t", "3", "now");

        assertThat(isLookedUp(", 'where': 'true'", touched)).isTrue();
    }

    @Test
    void aValueThatIsNotRepeatedIsTheSame() {
        assertThat(isLookedUp("", full(BOOK).update(List.of("1", "2", "long", "3", "a"), "1", "2", TOAST, "3", "b")))
                .isFalse();
    }

    @Test
    void withoutTheWholeOldRowNothingIsProven() {
        assertThat(isLookedUp("", LoggedTable.of(BOOK).update("1", "2", "t", "3", "now")))
                .isTrue();
    }

    /** A generated column is not in the log before PostgreSQL 18. */
    @Test
    void aColumnThatTheLogDoesNotHaveMayHaveChanged() {
        TableDefinition logged = table("book", "id int4 pk, shelf_id int4, seen text");

        assertThat(isLookedUp("", full(logged).update(List.of("1", "2", "never"), "1", "2", "now")))
                .isTrue();
    }

    private static boolean isLookedUp(String more, RowChange change) {
        var asked = new KeyLookups();
        TableRoles.of(List.of(tree(more))).of(change.relation().name()).forEach(role -> asked.add(role, change));
        return !(asked.roots().isEmpty()
                && asked.walks().isEmpty()
                && asked.searches().isEmpty()
                && asked.wholeTables().isEmpty()
                && asked.unfound().isEmpty());
    }
}
