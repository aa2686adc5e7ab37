package io.pgsync.core.tree;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TreeNodeTest {
    private final TreeNode book = Trees.nodes(
                    "{'table': 'book', 'children': ["
                            + Trees.many(
                                    "author",
                                    ", 'through_tables': ['book_author']",
                                    ", 'children': [" + Trees.many("award") + "]")
                            + ", " + Trees.many("review") + "]}",
                    Tables.table("book", "id int4 pk, title text"),
                    Tables.table("author", "id int4 pk, name text"),
                    Tables.table("book_author", "book_id int4 pk -> book.id, author_id int4 pk -> author.id"),
                    Tables.table("award", "id int4 pk, winner int4 -> author.id"),
                    Tables.table("review", "id int4 pk, of_book int4 -> book.id"))
            .root();

    @Test
    void nodesComeInTheOrderOfTheFileEachBeforeThoseBelowIt() {
        assertThat(book.nodes().map(TreeNode::label)).containsExactly("book", "author", "award", "review");
    }

    @Test
    void joinsLeadDownFromTableToTable() {
        assertThat(book.joinsBelow().map(TreeNodeTest::words))
                .containsExactly(
                        "book [id] = book_author [book_id]",
                        "book_author [author_id] = author [id]",
                        "author [id] = award [winner]",
                        "book [id] = review [of_book]");
    }

    private static String words(JoinStep step) {
        return "%s %s = %s %s"
                .formatted(
                        step.upper().name().table(),
                        step.upperColumns(),
                        step.lower().name().table(),
                        step.lowerColumns());
    }
}
