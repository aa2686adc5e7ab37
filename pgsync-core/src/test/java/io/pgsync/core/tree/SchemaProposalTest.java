package io.pgsync.core.tree;

import static io.pgsync.core.tree.Tables.catalog;
import static io.pgsync.core.tree.Tables.foreignKey;
import static io.pgsync.core.tree.Tables.table;
import static io.pgsync.core.tree.Tables.tableName;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgsync.core.catalog.Catalog;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.failure.SyncException;
import io.pgsync.core.schema.SchemaFile;
import io.pgsync.core.schema.SchemaReader;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SchemaProposalTest {
    private static final TableDefinition BOOK = table("book", "id int4 pk, publisher_id int4 -> publisher.id");
    private static final TableDefinition PUBLISHER = table("publisher", "id int4 pk, name text");
    private static final TableDefinition REVIEW = table("review", "id int4 pk, book_id int4 -> book.id");
    private static final TableDefinition AUTHOR = table("author", "id int4 pk");
    private static final TableDefinition BOOK_AUTHOR =
            table("book_author", "book_id int4 pk -> book.id, author_id int4 pk -> author.id");
    private static final Catalog SHOP = catalog(BOOK, PUBLISHER, REVIEW, AUTHOR, BOOK_AUTHOR);

    @Test
    void foreignKeysInBothDirectionsMakeChildren() {
        assertThat(proposed(SHOP, "book", "publisher", "review")).isEqualTo("book(publisher 1, review n)");
    }

    @Test
    void aTableThatOnlyLinksTwoOthersIsGoneThroughWhetherAskedForOrNot() {
        assertThat(proposed(SHOP, "book", "author")).isEqualTo("book(author n via book_author)");
        assertThat(proposed(SHOP, "book", "book_author", "author")).isEqualTo("book(author n via book_author)");
    }

    @Test
    void tablesStandAsNearToTheRootAsTheyCanAndOnce() {
        TableDefinition reply =
                table("reply", "id int4 pk, text text, review_id int4 -> review.id, author_id int4 -> author.id");
        Catalog catalog = catalog(BOOK, PUBLISHER, REVIEW, AUTHOR, BOOK_AUTHOR, reply);

        assertThat(proposed(catalog, "book", "reply", "author", "review"))
                .isEqualTo("book(author n via book_author(reply n), review n)");
    }

    @Test
    void severalReferencesToOneTableAreSeveralRoles() {
        TableDefinition letter = table("letter", "id int4 pk, sender int4 -> author.id, reader int4 -> author.id");

        assertThat(proposed(catalog(letter, AUTHOR), "letter", "author"))
                .isEqualTo("letter(author as author_sender 1 on sender=id, author as author_reader 1 on reader=id)");
    }

    @Test
    void aLabelNeverHidesAColumn() {
        TableDefinition book = table("book", "id int4 pk, publisher int4 -> publisher.id");

        assertThat(proposed(catalog(book, PUBLISHER), "book", "publisher"))
                .isEqualTo("book(publisher as publisher_2 1)");
    }

    @Test
    void otherSchemasAndCompositeKeysAreNamed() {
        TableDefinition order = table("sales.Order", "shop int4 pk, nr int4 pk");
        TableDefinition line = table(
                "sales.line",
                "id int4 pk, shop int4, nr int4",
                foreignKey("line_order", List.of("shop", "nr"), "sales.Order", List.of("shop", "nr")));

        assertThat(proposed(catalog(order, line), "sales.Order", "sales.line")).isEqualTo("Order(line n)");
    }

    @Test
    void aReferenceUnderAUniqueIndexIsOneToOne() {
        TableDefinition cover = table("cover", "book_id int4 pk -> book.id, image text");

        assertThat(proposed(catalog(BOOK, PUBLISHER, cover), "book", "cover")).isEqualTo("book(cover 1)");
    }

    @Test
    void tablesThatNothingLeadsToAreNamed() {
        assertThatThrownBy(() -> proposed(SHOP, "publisher", "author"))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("from \"public.publisher\" to \"public.author\"");
    }

    @Test
    void anUnknownTableIsNamedWithAGuess() {
        assertThatThrownBy(() -> proposed(SHOP, "bok"))
                .isInstanceOf(SyncException.class)
                .hasMessageContaining("\"public.bok\"")
                .hasMessageContaining("did you mean \"public.book\"?");
    }

    /** The proposal in short; it has to load as a schema file does. */
    private static String proposed(Catalog catalog, String... tables) {
        JsonNode file = SchemaProposal.of(
                catalog, Arrays.stream(tables).map(Tables::tableName).toList());
        SchemaFile read = SchemaReader.read("proposal", file.toString().getBytes(UTF_8), Map.of());
        assertThat(read.warnings()).isEmpty();
        DocumentTree tree = TreeBuilder.build(read, Map.of("shop", catalog)).get(0);
        assertThat(tree.root().table().name()).isEqualTo(tableName(tables[0]));
        return described(file.at("/0/nodes"));
    }

    private static String described(JsonNode node) {
        JsonNode relationship = node.path("relationship");
        var text = new StringBuilder(node.path("table").asText());
        if (node.has("label")) {
            text.append(" as ").append(node.path("label").asText());
        }
        if (relationship.has("type")) {
            text.append(relationship.path("type").asText().equals("one_to_one") ? " 1" : " n");
        }
        if (relationship.has("through_tables")) {
            text.append(" via ").append(relationship.at("/through_tables/0").asText());
        }
        if (relationship.has("foreign_key")) {
            text.append(" on ").append(relationship.at("/foreign_key/parent/0").asText());
            text.append("=").append(relationship.at("/foreign_key/child/0").asText());
        }
        if (node.has("children")) {
            text.append(node.path("children")
                    .valueStream()
                    .map(SchemaProposalTest::described)
                    .collect(Collectors.joining(", ", "(", ")")));
        }
        return text.toString();
    }
}
