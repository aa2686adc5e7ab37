package io.pgsync.runtime.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.catalog.TableDefinition.Kind;
import io.pgsync.core.catalog.TableDefinition.ReplicaIdentity;
import io.pgsync.core.catalog.TableDefinition.TableIndex;
import io.pgsync.core.change.TableName;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Tables;
import io.pgsync.core.tree.Trees;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeededIndexTest {
    private static final TableIndex BY_TENANT_AND_ID = new TableIndex("pk", List.of("tenant", "id"), true);
    private static final TableIndex BY_BOOK = new TableIndex("by_book", List.of("book_id", "written"), false);

    @Test
    void anIndexServesTheColumnsItLeadsWithInAnyOrder() {
        assertThat(needed("id", "tenant").found()).contains(BY_TENANT_AND_ID);
        assertThat(needed("book_id").found()).contains(BY_BOOK);
        assertThat(needed("tenant").found()).contains(BY_TENANT_AND_ID);
    }

    @Test
    void aColumnFurtherBackInAnIndexIsNotFoundByIt() {
        assertThat(needed("id").isMissing()).isTrue();
        assertThat(needed("book_id", "id").isMissing()).isTrue();
    }

    @Test
    void aUniqueIndexOnSomeOfTheColumnsIsEnough() {
        assertThat(needed("book_id", "id", "tenant").found()).contains(BY_TENANT_AND_ID);
    }

    @Test
    void theStatementDoesNotStopWritesAndQuotesNames() {
        assertThat(needed("Book Id").statement())
                .isEqualTo("CREATE INDEX CONCURRENTLY ON \"shop\".\"Review\" (\"Book Id\");");
        assertThat(new NeededIndex(table(Kind.PARTITIONED_TABLE), List.of("id")).statement())
                .startsWith("CREATE INDEX ON");
    }

    @Test
    void aViewLacksNothing() {
        var index = new NeededIndex(table(Kind.VIEW), List.of("book"));

        assertThat(index.isMissing()).isFalse();
        assertThat(index.state()).contains("view");
    }

    @Test
    void aDocumentLooksDownByTheLowerEndsOfItsLinksAndUpByTheUpperOnes() {
        DocumentTree tree = Trees.nodes(
                "{'table': 'book', 'children': ["
                        + Trees.many("author", ", 'through_tables': ['book_author']", "") + ", " + Trees.many("review")
                        + "]}",
                Tables.table("book", "id int4 pk"),
                Tables.table("author", "id int4 pk"),
                Tables.table("review", "id int4 pk, book int4 -> book.id"),
                Tables.table("book_author", "written int4 -> book.id, writer int4 -> author.id"));

        assertThat(NeededIndex.of(tree))
                .extracting(NeededIndex::toString)
                .containsExactlyInAnyOrder(
                        "public.book (id)",
                        "public.book_author (written)",
                        "public.book_author (writer)",
                        "public.author (id)",
                        "public.review (book)");
    }

    private static NeededIndex needed(String... columns) {
        return new NeededIndex(table(Kind.TABLE), List.of(columns));
    }

    private static TableDefinition table(Kind kind) {
        return new TableDefinition(
                new TableName("shop", "Review"),
                kind,
                List.of(),
                List.of(),
                List.of(),
                List.of(BY_TENANT_AND_ID, BY_BOOK),
                ReplicaIdentity.PRIMARY_KEY,
                List.of());
    }
}
