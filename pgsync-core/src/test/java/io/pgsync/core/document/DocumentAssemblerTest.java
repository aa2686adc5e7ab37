package io.pgsync.core.document;

import static io.pgsync.core.tree.Tables.table;
import static io.pgsync.core.tree.Trees.many;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgsync.core.affected.RootKey;
import io.pgsync.core.catalog.TableDefinition;
import io.pgsync.core.document.DocumentChange.Upsert;
import io.pgsync.core.tree.DocumentTree;
import io.pgsync.core.tree.Trees;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocumentAssemblerTest {
    private static final TableDefinition BOOK = table("book", "id int4 pk, publisher_id int4 -> publisher.id");
    private static final TableDefinition PUBLISHER = table("publisher", "id int4 pk");
    private static final TableDefinition REVIEW = table("review", "y int4 pk, x text pk, book_id int4 -> book.id");
    private static final TableDefinition AUTHOR = table("author", "id int4 pk");
    private static final TableDefinition BOOK_AUTHOR =
            table("book_author", "book_id int4 pk -> book.id, author_id int4 pk -> author.id");
    private static final String SELF = ", 'foreign_key': {'parent': ['y'], 'child': ['book_id']}";
    private static final DocumentTree TREE = Trees.nodes(
            "{'table': 'book', 'children': [%s, %s, %s]}"
                    .formatted(
                            many("publisher"),
                            many("review", "", ", 'children': [%s]".formatted(many("review", SELF, ""))),
                            many("author", ", 'through_tables': ['book_author']", "")),
            BOOK,
            PUBLISHER,
            REVIEW,
            AUTHOR,
            BOOK_AUTHOR);

    /** A row of {@code draft} may lead to no author. */
    private static final DocumentTree HIDING = Trees.nodes(
            "{'table': 'book', 'children': [%s]}".formatted(many("author", ", 'through_tables': ['draft']", "")),
            BOOK,
            AUTHOR,
            table("draft", "id int4 pk, book_id int4 -> book.id, author_id int4 -> author.id"));

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                // nothing below the root; then several rows, twice the same; then composite keys, their pairing lost
                "[null,null,null]; {'book':{'id':['7']}}",
                "[[[3],[20],[3]],null,null]; {'book':{'id':['7']},'publisher':{'id':[3,20]}}",
                "[null,[['b',1,null],['a',10,null]],null]; {'book':{'id':['7']},'review':{'x':['a','b'],'y':[1,10]}}",
                // the same table lower down adds to the same entry
                "[null,[['b',1,[['c',2]]]],null]; {'book':{'id':['7']},'review':{'x':['b','c'],'y':[1,2]}}",
                // through rows: their own key first; one that leads nowhere is not listed
                "[null,null,[[5,7,5],[6,7,6]]]; {'author':{'id':[5,6]},'book':{'id':['7']},'book_author':{'author_id':[5,6],'book_id':[7]}}",
                "[null,null,[[5,7,null]]]; {'book':{'id':['7']}}"
            })
    void keysOfAllRowsAreListedByTableAndColumn(String keys, String meta) {
        assertThat(source("{}", keys.replace('\'', '"'))).isEqualTo("{\"_meta\":" + meta.replace('\'', '"') + "}");
    }

    @Test
    void aKeyThatIsTooLongToBeFoundStandsInItsDigest() {
        String longest = "x".repeat(256);
        String longer = longest + "y";

        assertThat(source("{}", "[null,[[\"%s\",1,null],[\"%s\",2,null]],null]".formatted(longest, longer)))
                .isEqualTo("{\"_meta\":{\"book\":{\"id\":[\"7\"]},\"review\":{\"x\":"
                        + "[\"sha256:f90587a7484711a86fd5a46b02e32023cd7d9b9de5961ff7780709481f838218\",\"%s\"],\"y\":[1,2]}}}"
                                .formatted(longest));
    }

    @Test
    void aThroughRowThatLeadsNowhereIsKeptApart() {
        assertThat(source(HIDING, "{}", "[[[1,5],[2,null]]]"))
                .isEqualTo("{\"_meta\":{\"_unlinked\":{\"draft id\":[2]},\"author\":{\"id\":[5]},"
                        + "\"book\":{\"id\":[\"7\"]},\"draft\":{\"id\":[1]}}}");
    }

    @Test
    void fractionsAreTextsWhereTheEngineRewritesTheSource() {
        assertThat(source(HIDING, "{}", "[[[11.50,-5],[2.0,null],[1e+20,12345678901234567890]]]"))
                .isEqualTo("{\"_meta\":{\"_unlinked\":{\"draft id\":[\"2.0\"]},"
                        + "\"author\":{\"id\":[-5,12345678901234567890]},"
                        + "\"book\":{\"id\":[\"7\"]},\"draft\":{\"id\":[\"11.50\",\"1e+20\"]}}}");
    }

    @Test
    void numbersSortByValueAndKeepTheirText() {
        assertThat(source("{}", "[[[10],[9],[-1],[1.50],[12345678901234567890]],null,null]"))
                .contains("\"publisher\":{\"id\":[-1,1.50,9,10,12345678901234567890]}");
    }

    @Test
    void textsAreEscapedAndBooleansStayLiterals() {
        assertThat(source("{}", "[null,[[\"a\\\"\\n\",true,null]],null]"))
                .contains("\"x\":[\"a\\\"\\n\"]", "\"y\":[true]");
    }

    @Test
    void theFieldsPassUnread() {
        assertThat(source("{\"a\" : {\"b\":[1.0,\"}\"]}}", "[null,null,null]"))
                .isEqualTo("{\"a\" : {\"b\":[1.0,\"}\"]},\"_meta\":{\"book\":{\"id\":[\"7\"]}}}");
    }

    @Test
    void theRootIsNamedInIdAndKey() {
        var change = (Upsert) new DocumentAssembler(TREE, Plugins.NONE)
                .assemble(List.of("7"), bytes("{}"), bytes("[null,null,null]"));

        assertThat(change.id()).isEqualTo("7");
        assertThat(change.root()).isEqualTo(new RootKey("shop", List.of("7")));
        assertThat(change.routing()).isEmpty();
    }

    @Test
    void keysThatAreNoJsonNameTheDocument() {
        assertThatThrownBy(() -> source("{}", "[nul"))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("document 7 of shop");
    }

    private static String source(String fields, String keys) {
        return source(TREE, fields, keys);
    }

    private static String source(DocumentTree tree, String fields, String keys) {
        var change =
                (Upsert) new DocumentAssembler(tree, Plugins.NONE).assemble(List.of("7"), bytes(fields), bytes(keys));
        return new String(change.source(), UTF_8);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(UTF_8);
    }
}
