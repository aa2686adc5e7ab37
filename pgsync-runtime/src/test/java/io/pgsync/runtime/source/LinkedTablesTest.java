package io.pgsync.runtime.source;

import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import io.pgsync.runtime.source.LinkedTables.Linked;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LinkedTablesTest {
    private static final TableDefinition PUBLISHER = table("publisher", "id int4 pk, name text");
    private static final TableDefinition BOOK = table("book", "id int4 pk, title text, house int4 -> publisher.id");
    private static final TableDefinition AUTHOR = table("author", "id int4 pk, name text");
    private static final TableDefinition BETWEEN =
            table("book_author", "id int4 pk, written int4 -> book.id, writer int4 -> author.id, share int4");

    @Test
    void bothEndsOfALinkDecideToWhichDocumentARowBelongs() {
        assertThat(columns(tree("{'table': 'book', 'children': [" + one("publisher") + "]}")))
                .isEqualTo(Map.of("book", List.of("house", "id"), "publisher", List.of("id")));
    }

    @Test
    void aThroughTableIsLinkedOnBothSides() {
        assertThat(columns(tree("{'table': 'book', 'children': ["
                        + Trees.many("author", ", 'through_tables': ['book_author']", "") + "]}")))
                .isEqualTo(Map.of(
                        "book", List.of("id"),
                        "book_author", List.of("id", "writer", "written"),
                        "author", List.of("id")));
    }

    @Test
    void aTableInSeveralTreesHasTheColumnsOfAll() {
        DocumentTree books = tree("{'table': 'book'}");
        DocumentTree publishers = tree("{'table': 'publisher', 'children': [" + Trees.many("book") + "]}");

        assertThat(columns(books, publishers)).containsEntry("book", List.of("house", "id"));
    }

    private static String one(String table) {
        return "{'table': '%s', 'relationship': {'type': 'one_to_one', 'variant': 'object'}}".formatted(table);
    }

    private static DocumentTree tree(String nodes) {
        return Trees.nodes(nodes, BOOK, PUBLISHER, AUTHOR, BETWEEN);
    }

    private static Map<String, List<String>> columns(DocumentTree... trees) {
        Collection<Linked> linked = LinkedTables.of(List.of(trees));
        return linked.stream()
                .collect(Collectors.toMap(each -> each.table().name().table(), each -> List.copyOf(each.columns())));
    }
}
