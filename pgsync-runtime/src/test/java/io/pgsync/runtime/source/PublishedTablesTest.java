package io.pgsync.runtime.source;

import static io.pgsync.core.tree.Tables.relation;
import static io.pgsync.core.tree.Tables.table;
import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.change.TableName;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import io.pgsync.replication.preflight.WantedTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublishedTablesTest {
    private static final TableName HEIR = new TableName("public", "old_book");

    @Test
    void whatInheritsFromATableIsPublishedWithIt() {
        assertThat(PublishedTables.of(List.of(books())))
                .containsExactly(new TableName("public", "book"), HEIR, new TableName("public", "review"));
    }

    @Test
    void aViewIsNotPublishedButItsBaseTablesAre() {
        DocumentTree views = Trees.nodes(
                "{'table': 'sales', 'primary_key': ['id'], 'base_tables': ['sale']}",
                relation(Kind.VIEW, "sales", "id int4"),
                table("sale", "id int4 pk"));

        assertThat(PublishedTables.of(List.of(views))).containsExactly(new TableName("public", "sale"));
        assertThat(PublishedTables.wanted(List.of(views)))
                .extracting(WantedTable::name)
                .containsExactly(new TableName("public", "sale"));
    }

    @Test
    void theColumnsThatQueriesNameAreThoseShownKeysLinksAndOrders() {
        assertThat(PublishedTables.wanted(List.of(books())))
                .satisfiesExactly(
                        book -> assertThat(book.columns()).containsExactlyInAnyOrder("id", "title"),
                        heir -> assertThat(heir.columns()).isEmpty(),
                        review -> assertThat(review.columns())
                                .containsExactlyInAnyOrder("id", "book_id", "stars", "written"));
    }

    private static DocumentTree books() {
        TableDefinition book = table("book", "id int4 pk, title text, unused text");
        var withHeir = new TableDefinition(
                book.name(),
                book.kind(),
                book.columns(),
                book.primaryKey(),
                book.foreignKeys(),
                book.indexes(),
                book.replicaIdentity(),
                List.of(HEIR));
        return Trees.nodes(
                "{'table': 'book', 'columns': ['title'], 'children': ["
                        + Trees.many("review", "", ", 'columns': ['stars'], 'sort': ['written']") + "]}",
                withHeir,
                table("review", "id int4 pk, book_id int4 -> book.id, stars int4, written date, unused text"));
    }
}
