package io.pgsync.core.tree;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.ForeignKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.failure.Divergence;
import io.pgsync.core.failure.Divergence.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeComparisonTest {
    private static final String BOOK =
            "id int4 pk, title text, pages int4, spare text, publisher_id int4 -> publisher.id";
    private static final TableDefinition PUBLISHER = Tables.table("publisher", "id int4 pk, name text, city text");
    private static final TableDefinition AUTHOR = Tables.table("author", "id int4 pk, name text");
    private static final TableDefinition BOOK_AUTHOR =
            Tables.table("book_author", "book_id int4 pk -> book.id, author_id int4 pk -> author.id, note text");

    private final DocumentTree tree = Trees.document(
            "'index': 'books', 'nodes': {'table': 'book', 'columns': ['id', 'title', 'pages'], 'children': ["
                    + "{'table': 'publisher', 'columns': ['name'],"
                    + " 'relationship': {'type': 'one_to_one', 'variant': 'object'}}, "
                    + Trees.many("author", ", 'through_tables': ['book_author']", "") + "]}",
            Tables.table("book", BOOK),
            PUBLISHER,
            AUTHOR,
            BOOK_AUTHOR);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "id int4 pk, title text, pages int4, publisher_id int4",
                "id int4 pk, title text, pages int4, spare text, publisher_id int4, added text",
                "id int4 pk, title varchar, pages int8, spare int4, publisher_id int4"
            })
    void whatNoNodeShowsAndWhatLooksTheSameMayChange(String book) {
        assertThat(drifts(book)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "id int4 pk, pages int4, publisher_id int4; title; gone",
                "id int4 pk, title text #9, pages int4, publisher_id int4; title; dropped and added again",
                "id int4 pk, title text, pages text, publisher_id int4; pages; was int4 and is now text",
                "id int4 pk, title text, pages int4; publisher_id; gone",
                "id int8 pk, title text, pages int4, publisher_id int4; id; was int4 and is now int8",
                "id int4, title text, pages int4, publisher_id int4; public.book; primary key was (id)"
            })
    void whatIsShownOrDecidesWhereARowBelongsMayNot(String book, String place, String what) {
        assertThat(drifts(book))
                .isNotEmpty()
                .allSatisfy(drift -> assertThat(drift.index()).isEqualTo("books"))
                .anySatisfy(drift -> assertThat(drift.what()).contains(place, what));
    }

    @Test
    void aTableThatIsGoneIsToldOnceAtItsNode() {
        var drifts = TreeComparison.drifts(tree, Tables.catalog(Tables.table("book", BOOK), AUTHOR, BOOK_AUTHOR));

        assertThat(drifts).singleElement().satisfies(drift -> {
            assertThat(drift.kind()).isEqualTo(Kind.SCHEMA_DRIFT);
            assertThat(drift.what())
                    .contains("/nodes/children/0 needs", "public.publisher", "gone (dropped or renamed)");
        });
    }

    @Test
    void throughTablesCountByTheirLinks() {
        var renamed = Tables.table("book_author", "book_id int4 pk, writer_id int4 pk");

        assertThat(TreeComparison.drifts(tree, Tables.catalog(Tables.table("book", BOOK), PUBLISHER, AUTHOR, renamed)))
                .anySatisfy(drift -> assertThat(drift.what()).contains("author_id", "public.book_author", "gone"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "book_id int4 pk -> book.id, author_id int4 pk -> author.id, note text; 0",
                "book_id int4 pk -> book.id, author_id int4 pk, note text; 1"
            })
    void constraintsCountByWhichEachThroughRowLeadsToARow(String columns, int found) {
        var now = Tables.table("book_author", columns);

        assertThat(TreeComparison.drifts(tree, Tables.catalog(Tables.table("book", BOOK), PUBLISHER, AUTHOR, now)))
                .hasSize(found)
                .allSatisfy(drift -> assertThat(drift.what()).contains("foreign key", "author_id", "was dropped"));
        assertThat(TreeFacts.of(tree, Tables.catalog(Tables.table("book", BOOK), PUBLISHER, AUTHOR, now))
                        .containsKey("the constraints of \"public.book_author\""))
                .isEqualTo(found == 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "id int4 pk, book_id int4 -> book.id, code text -> node.code; true; 0",
                "id int4 pk, book_id int4 -> book.id, code text; true; 1",
                "id int4 pk, book_id int4 -> book.id, code text -> node.code; false; 1"
            })
    void aConstraintCountsThatTellsOfOldLinksWhichAreNotLogged(String columns, boolean enforced, int found) {
        var book = Tables.table("book", "id int4 pk");
        var node = Tables.table("node", "id int4 pk, code text");
        var then = Tables.table("link", "id int4 pk, book_id int4 -> book.id, code text -> node.code");
        var linked = Trees.document(
                "'index': 'books', 'nodes': {'table': 'book', 'children': [%s]}"
                        .formatted(Trees.many(
                                "node",
                                ", 'through_tables': ['link'], 'foreign_key': {'parent': ['book_id'], 'child': ['code']}",
                                "")),
                book,
                node,
                then);
        var now = Tables.table("link", columns);

        assertThat(TreeComparison.drifts(linked, Tables.catalog(book, node, enforced ? now : unenforced(now))))
                .hasSize(found)
                .allSatisfy(drift -> assertThat(drift.what()).contains("foreign key", "public.link", "code"));
    }

    private static TableDefinition unenforced(TableDefinition table) {
        List<ForeignKey> keys = table.foreignKeys().stream()
                .map(key -> new ForeignKey(key.name(), key.columns(), key.references(), key.referencedColumns(), false))
                .toList();
        return new TableDefinition(table.name(), table.kind(), table.columns(), table.primaryKey(), keys);
    }

    @Test
    void factsTellAColumnThatWasReplacedOrShowsOtherValuesNow() {
        Map<String, Set<String>> then = facts(BOOK);

        assertThat(facts("id int4 pk, title varchar, pages int8, spare int4, publisher_id int4"))
                .isEqualTo(then);
        assertThat(facts("id int4 pk, title text #9, pages int4, publisher_id int4"))
                .isNotEqualTo(then);
        assertThat(facts("id int4 pk, title text, pages numeric, publisher_id int4"))
                .isNotEqualTo(then);
    }

    private Map<String, Set<String>> facts(String book) {
        return TreeFacts.of(tree, Tables.catalog(Tables.table("book", book), PUBLISHER, AUTHOR, BOOK_AUTHOR));
    }

    private List<Divergence> drifts(String book) {
        return TreeComparison.drifts(tree, Tables.catalog(Tables.table("book", book), PUBLISHER, AUTHOR, BOOK_AUTHOR));
    }
}
